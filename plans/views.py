"""Pages of the activity plan's lines, and of the plan for job with its document."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404, get_of_course_or_404
from cases.models import Course
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data, requested_day
from jobfirst.pdf.documents import pdf_response, render_pdf
from plans import actions
from plans.forms import ActivityForm, PlanForm
from plans.models import ActivityKind, ActivityLine, PlanForJob
from plans.rules.timing import earliest_day

STATES = ("done", "cancelled", "planned")


@edit_page
def new_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Add a line to the activity plan (D13); the URL may state its kind and its first day."""
    course = get_course_or_404(request, public_id, "course.activity", "cases.manage_activities")
    form = ActivityForm(
        form_data(request),
        instance=ActivityLine(course=course),
        initial=_activity_initial(request, course),
    )
    return answer_form(request, form, back_url=course_url(course, "activities"))


def _activity_initial(request: AuthenticatedRequest, course: Course) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    first = requested_day(request) or max(clock.today(), course.started_on)
    return {"kind": kind if kind in ActivityKind.values else ActivityKind.VISIT, "starts_on": first}


@edit_page
def change_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a line of the activity plan."""
    activity = _activity(request, public_id)
    form = ActivityForm(form_data(request), instance=activity)
    return answer_form(request, form, back_url=course_url(activity.course, "activities"))


@require_POST
def mark_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Set the state of an activity: done, cancelled, or planned again."""
    activity = _activity(request, public_id)
    state = request.POST.get("state", "")
    if state in STATES:
        with errors_as_message(request):
            actions.mark_activity(activity, state=state, today=clock.today())
            messages.success(request, _("The activity is changed."))
    return redirect(course_url(activity.course, "activities"))


def _activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> ActivityLine:
    return get_of_course_or_404(
        request, ActivityLine.objects.all(), public_id, "course.activity", "cases.manage_activities"
    )


@edit_page
def plan(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make the plan for job, or its next version (D21)."""
    course = get_course_or_404(request, public_id, "course.plan", "cases.manage_plans")
    today = clock.today()
    terms = TrialTerms.objects.in_force_or_first(today)
    back_url = course_url(course, "plan")
    earliest = earliest_day(course.continued_from, lead_days=terms.plan_lead_days)
    if earliest is None or today < earliest:
        messages.info(request, actions.too_early(earliest, weeks=terms.retention_weeks))
        return redirect(back_url)
    latest = course.plans.first()
    form = PlanForm(
        form_data(request),
        instance=latest or PlanForJob(course=course, version=0),
        terms=terms,
        initial={} if latest else _plan_initial(course),
    )
    return answer_form(request, form, back_url=back_url)


def _plan_initial(course: Course) -> dict[str, Any]:
    """Return the initial values of a first plan: the first day of the continued effort, and the job goal."""
    goal = course.job_goals.first()
    words = [goal.functions, goal.workplaces] if goal else []
    return {"starts_on": course.continued_from, "job_goal": "\n".join(word for word in words if word)}


@require_safe
def plan_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the plan for job as a PDF: only what the version itself holds (D37)."""
    response = get_of_course_or_404(
        request, PlanForJob.objects.all(), public_id, "course.plan.pdf", "cases.view_course"
    )
    content = render_pdf("plans/plan_pdf.html", {"plan": response.printed()})
    return pdf_response(content, f"plan-for-job-{str(response.public_id)[:8]}-v{response.number}.pdf")
