"""The activity plan's lines, and the plan for job with its document."""

import datetime
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404, get_of_course_or_404
from cases.models import Course
from cases.views.common import answer_form, course_url, form_page, posted
from jobfirst import clock
from jobfirst.pdf.documents import pdf_response, render_pdf
from plans import actions
from plans.forms import ActivityForm, PlanForm
from plans.models import ActivityKind, ActivityLine, PlanForJob
from plans.rules.timing import earliest_day

STATES = ("done", "cancelled", "planned")
LINE_FIELDS = ("kind", "what", "where", "who", "starts_on", "ends_on")


def _line_fields(form: ActivityForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in LINE_FIELDS}


@form_page
def new_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Put a line on the activity plan (D13); the address may name its kind and its first day."""
    course = get_course_or_404(request, public_id, "course.activity", "cases.manage_activities")
    form = ActivityForm(
        posted(request), instance=ActivityLine(course=course), initial=_start_with(request, course)
    )
    return answer_form(
        request,
        form,
        lambda: actions.add_activity(course, _line_fields(form), submission=form.submission),
        title=_("New activity"),
        intro=course.citizen_name,
        back_url=course_url(course, "activities"),
        saved=_("The activity is on the plan."),
    )


def _start_with(request: AuthenticatedRequest, course: Course) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    try:
        first = datetime.date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        first = max(clock.today(), course.started_on)
    return {"kind": kind if kind in ActivityKind.values else ActivityKind.VISIT, "starts_on": first}


@form_page
def change_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a line of the activity plan."""
    activity = get_of_course_or_404(
        request, ActivityLine.objects.all(), public_id, "course.activity", "cases.manage_activities"
    )
    form = ActivityForm(posted(request), instance=activity)
    return answer_form(
        request,
        form,
        lambda: actions.change_activity(activity, _line_fields(form), version=form.opened_version),
        title=_("Change the activity"),
        intro=activity.course.citizen_name,
        back_url=course_url(activity.course, "activities"),
        saved=_("The activity is changed."),
    )


@require_POST
def mark_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say what became of an activity: done, cancelled, or planned again."""
    activity = get_of_course_or_404(
        request, ActivityLine.objects.all(), public_id, "course.activity", "cases.manage_activities"
    )
    state = request.POST.get("state", "")
    if state in STATES:
        try:
            actions.mark_activity(activity, state=state, today=clock.today())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The activity is changed."))
    return redirect(course_url(activity.course, "activities"))


@form_page
def plan(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Make the plan for job, or its next version (D21)."""
    course = get_course_or_404(request, public_id, "course.plan", "cases.manage_plans")
    today = clock.today()
    terms = TrialTerms.objects.in_force(today)
    back_url = course_url(course, "plan")
    earliest = earliest_day(course.continued_from, lead_days=terms.plan_lead_days)
    if earliest is None or today < earliest:
        messages.info(request, actions.too_early(earliest, weeks=terms.retention_weeks))
        return redirect(back_url)
    latest = course.plans.first()
    form = PlanForm(
        posted(request),
        instance=latest or PlanForJob(course=course, version=0),
        initial={} if latest else _plan_start(course),
    )
    return answer_form(
        request,
        form,
        lambda: actions.save_plan(
            course,
            form.cleaned_data,
            made_on=today,
            by=request.user,
            version=form.opened_version,
            submission=form.submission,
        ),
        title=_("Plan for job") if latest is None else _("Change the plan for job"),
        intro=_("%(name)s. The plan covers %(months)d months.")
        % {"name": course.citizen_name, "months": terms.plan_months},
        back_url=back_url,
        saved=_("The plan for job is saved."),
        layout=form.layout,
    )


def _plan_start(course: Course) -> dict[str, Any]:
    """Return what a first plan starts with: the first day of the continued effort, and the job goal."""
    goal = course.job_goals.first()
    words = [goal.functions, goal.workplaces] if goal else []
    return {"starts_on": course.continued_from, "job_goal": "\n".join(word for word in words if word)}


@require_safe
def plan_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """The plan for job as a document: only what the version itself holds (D37)."""
    made = get_of_course_or_404(
        request, PlanForJob.objects.all(), public_id, "course.plan.pdf", "cases.view_course"
    )
    content = render_pdf("plans/plan_pdf.html", {"plan": made.printed()})
    return pdf_response(content, f"plan-for-job-{str(made.public_id)[:8]}-v{made.number}.pdf")
