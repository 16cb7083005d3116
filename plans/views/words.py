"""The page on which the citizen's word on a plan is recorded (D55)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from plans.forms.words import WordForm
from plans.models import PlanSubject

#: The section of the course's page with the plan.
SECTIONS = {PlanSubject.ACTIVITY_PLAN: "activities", PlanSubject.PLAN_FOR_JOB: "plan"}


@edit_page
def record_word(request: AuthenticatedRequest, public_id: uuid.UUID, subject: str) -> HttpResponse:
    """Record what the citizen says of the activity plan or of the plan for job."""
    if subject not in PlanSubject:
        raise Http404
    course = get_course_or_404(request, public_id, "course.word", "cases.work_on_course")
    back_url = course_url(course, SECTIONS[PlanSubject(subject)])
    plan = course.plans.first() if subject == PlanSubject.PLAN_FOR_JOB else None
    if subject == PlanSubject.PLAN_FOR_JOB and plan is None:
        messages.info(request, _("There is no plan for job yet."))
        return redirect(back_url)
    form = WordForm(
        form_data(request),
        course=course,
        subject=subject,
        version=plan.number if plan else 0,
        initial={"said_on": clock.today()},
    )
    form.intro = f"{course.citizen_name}. {PlanSubject(subject).label}"
    return answer_form(request, form, back_url=back_url)
