"""Pages of the activity plan's lines (D13). htmx changes them in place; without it they are plain pages."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseLocation

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from audit.downloads import answers_with_file
from cases.access import get_course_or_404, get_of_course_or_404
from cases.models import Course
from cases.views.common import course_url
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data, requested_day
from jobfirst.kit.pages import wants_fragment
from jobfirst.kit.versioned import sent_version
from jobfirst.pdf.documents import pdf_response, render_pdf
from plans import actions
from plans.forms.activity import ActivityForm, CopyForm, MoveForm, RepeatForm, TickForm
from plans.models import ActivityKind, ActivityLine
from plans.presentation import activity_calendar, activity_weeks
from plans.rules.period import period_before

#: The part of a page that is fetched again when something was changed in place.
PAGE = "#main-content"


@edit_page
def new_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Add a line to the activity plan (D13); the URL may state its kind and its first day."""
    course = get_course_or_404(request, public_id, "course.activity", "cases.manage_activities")
    form = ActivityForm(
        form_data(request),
        instance=ActivityLine(course=course),
        initial=_activity_initial(request, course),
    )
    return _answer_in_place(request, form, course)


def _activity_initial(request: AuthenticatedRequest, course: Course) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    first = requested_day(request) or max(clock.today(), course.started_on)
    return {"kind": kind if kind in ActivityKind.values else ActivityKind.VISIT, "starts_on": first}


@edit_page
def change_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a line of the activity plan."""
    activity = _activity(request, public_id)
    form = ActivityForm(form_data(request), instance=activity)
    return _answer_in_place(request, form, activity.course)


def _answer_in_place(request: AuthenticatedRequest, form: ActivityForm, course: Course) -> HttpResponse:
    """Answer with a page, or to htmx with the form alone and, once saved, the course's page anew.

    A stale save is answered with the page that shows both versions, in the place of the whole page.
    """
    back_url = course_url(course, "activities")
    if not wants_fragment(request):
        response = answer_form(request, form, back_url=back_url)
        patch_vary_headers(response, ["HX-Request"])
        return response
    form.show_in_place(request.path)
    response = answer_form(request, form, back_url=back_url, template="plans/activity_form.html")
    if response.status_code == 302:
        return HttpResponseLocation(back_url, target=PAGE, select=PAGE, swap="outerHTML")
    if response.status_code == 409:
        response["HX-Retarget"], response["HX-Reselect"] = PAGE, PAGE
        response["HX-Reswap"] = "outerHTML show:window:top"
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def mark_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Set the state of an activity and how it went: done, not done, cancelled, or planned again."""
    activity = _activity(request, public_id)
    form = TickForm(request.POST)
    if form.is_valid():
        with _outcome_as_message(request) as version:
            actions.mark_activity(activity, **form.cleaned_data, today=clock.today(), version=version)
    else:
        messages.error(request, _("Write one sentence on how it went. Nothing is changed."))
    return redirect(course_url(activity.course, "activities"))


@require_POST
def move_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move a planned activity to another day."""
    activity = _activity(request, public_id)
    form = MoveForm(request.POST)
    if form.is_valid():
        with _outcome_as_message(request) as version:
            actions.move_activity(activity, starts_on=form.cleaned_data["starts_on"], version=version)
    else:
        messages.error(request, _("Choose a day. Nothing is changed."))
    return redirect(course_url(activity.course, "activities"))


@require_POST
def repeat_activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Repeat an activity every week until a day."""
    activity = _activity(request, public_id)
    form = RepeatForm(request.POST)
    if form.is_valid():
        with _outcome_as_message(request):
            actions.repeat_activity(activity, until=form.cleaned_data["repeat_until"])
    else:
        messages.error(request, _("Choose a day. Nothing is changed."))
    return redirect(course_url(activity.course, "activities"))


@contextmanager
def _outcome_as_message(request: AuthenticatedRequest) -> Iterator[int | None]:
    """Give the version that was sent (None: without one) to an action on a line, and tell how it ended."""
    stale = _("Somebody else has changed the activity meanwhile. Look at it again.")
    with errors_as_message(request, stale=stale):
        yield sent_version(request.POST) or None
        messages.success(request, _("The activity is changed."))


@edit_page
def copy_activities(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Copy lines of the period before this one, each to the same weekday."""
    course = get_course_or_404(request, public_id, "course.activity", "cases.manage_activities")
    today = clock.today()
    period = activity_weeks.period_of(course, today, TrialTerms.objects.in_force_or_first(today))
    source = period_before(period)
    form = CopyForm(form_data(request), course=course, source=source, first=today)
    context = {"source": source, "period": period}
    back_url = course_url(course, "activities")
    return answer_form(request, form, back_url=back_url, template="plans/copy.html", context=context)


@answers_with_file
@require_safe
def activity_plan_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the citizen's page: the weeks until the next meeting, in large letters."""
    course = get_course_or_404(request, public_id, "course.activity.pdf", "cases.view_course")
    content = render_pdf("plans/activities_pdf.html", _citizens_plan(course))
    return pdf_response(content, f"aktivitetsplan-{str(course.public_id)[:8]}.pdf")


def _citizens_plan(course: Course) -> dict[str, Any]:
    today = clock.today()
    period = activity_weeks.period_of(course, today, TrialTerms.objects.in_force_or_first(today))
    weeks = activity_weeks.weeks_of_plan(course, period, on=today, with_cancelled=False)
    return {"course": course, "weeks": weeks, "period": period, "on": today}


@answers_with_file
@require_safe
def activity_plan_calendar(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the planned lines from today on as a calendar file; without the citizen's name."""
    course = get_course_or_404(request, public_id, "course.activity.calendar", "cases.view_course")
    response = HttpResponse(
        activity_calendar.calendar_of(course, clock.today()), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="aktivitetsplan.ics"'
    response["Cache-Control"] = "no-store"
    return response


def _activity(request: AuthenticatedRequest, public_id: uuid.UUID) -> ActivityLine:
    return get_of_course_or_404(
        request, ActivityLine.objects.all(), public_id, "course.activity", "cases.manage_activities"
    )
