"""Monthly meetings: the course owner's landing page; book, move, cancel, miss, open again (D9, D18)."""

import uuid

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.access import get_course_or_404, get_of_course_or_404
from cases.actions.corrections import REASON
from cases.actions.meeting_closing import CLOSED_STATES, may_open_at_once
from cases.actions.meetings import is_ahead
from cases.forms.meetings import (
    BookMeetingForm,
    CancelMeetingForm,
    CloseUnheldForm,
    MissedMeetingForm,
    MoveMeetingForm,
    OpenMeetingAgainForm,
)
from cases.models import Course, CourseFunction, FollowUpMeeting, MeetingState
from cases.presentation.meeting_closing import closing_consequences
from cases.presentation.meetings import grouped, meeting_lines
from cases.views.common import course_url, meeting_url
from cases.views.withdrawals import answer_row_act
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page


@require_safe
@requires("cases.my_meetings")
def my_meetings(request: AuthenticatedRequest) -> HttpResponse:
    """List the course owner's meetings: what is overdue first, then what has to be done, then the rest."""
    today = clock.today()
    courses = (
        Course.objects.held_by(request.user, CourseFunction.COURSE_OWNER)
        .running(today)
        .select_related("citizen", "referral")
        .prefetch_related(Prefetch("meetings", FollowUpMeeting.objects.order_by("planned_at")))
    )
    lines = meeting_lines(courses, today)
    record_shown(request.user, "my_meetings", [line.course.citizen.public_id for line in lines])
    context = {
        "groups": grouped(lines),
        "lines": lines,
        "on": today,
        "empty": Empty(
            _("You own no running course. The project leader fills the functions of a course."),
            reverse("cases:courses"),
            _("To the courses"),
        ),
    }
    return render_page(request, "cases/my_meetings.html", context)


@edit_page
def book(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Book a monthly meeting; citizen, course owner, job consultant and mentor are invited (D18)."""
    course = get_course_or_404(request, public_id, "course.meeting", "cases.manage_meetings")
    form = BookMeetingForm(form_data(request), course=course, today=clock.today())
    return answer_form(request, form, back_url=course_url(course, "meetings"))


@edit_page
def move(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change the day, time or place of a booked meeting."""
    meeting = _meeting(request, public_id)
    form = MoveMeetingForm(form_data(request), instance=meeting, today=clock.today())
    return answer_form(request, form, back_url=course_url(meeting.course, "meetings"))


@edit_page
def cancel(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask, and cancel a booked meeting; it is not held, and can be booked again."""
    return _close(request, public_id, CancelMeetingForm)


@edit_page
def missed(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask, and record that the citizen did not come; a missed meeting is not held."""
    return _close(request, public_id, MissedMeetingForm)


def _close(
    request: AuthenticatedRequest, public_id: uuid.UUID, form_class: type[CloseUnheldForm]
) -> HttpResponse:
    meeting = _meeting(request, public_id)
    if meeting.state != MeetingState.BOOKED:
        messages.info(request, _("The meeting is no longer booked."))
        return redirect(meeting_url(meeting))
    today = clock.today()
    is_answered = "version" in request.POST  # a button of an older page asks like this one
    form = form_class(form_data(request) if is_answered else None, instance=meeting)
    context = {
        "meeting": meeting,
        "is_ahead": is_ahead(meeting, today),
        "is_missed": form_class is MissedMeetingForm,
        "consequences": closing_consequences(meeting, is_cancelled=form_class is CancelMeetingForm),
    }
    return answer_row_act(
        request,
        form,
        back_url=meeting_url(meeting),
        success_url=meeting_url,
        template="cases/close_unheld.html",
        context=context,
    )


@edit_page
def open_again(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Book a meeting again that was cancelled or recorded as missed by mistake."""
    meeting = _meeting(request, public_id)
    if meeting.state not in CLOSED_STATES:
        messages.info(request, _("The meeting is booked or held."))
        return redirect(meeting_url(meeting))
    is_at_once = may_open_at_once(meeting, request.user)
    is_answered = is_at_once or REASON in request.POST
    form = OpenMeetingAgainForm(
        form_data(request) if is_answered else None, meeting=meeting, user=request.user
    )
    return answer_row_act(request, form, back_url=meeting_url(meeting), success_url=meeting_url)


def _meeting(request: AuthenticatedRequest, public_id: uuid.UUID) -> FollowUpMeeting:
    return get_of_course_or_404(
        request, FollowUpMeeting.objects.all(), public_id, "course.meeting", "cases.manage_meetings"
    )
