"""Monthly meetings: the course owner's landing page; book, move, cancel, miss (D9, D18)."""

import uuid

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases import actions
from cases.access import get_course_or_404, get_of_course_or_404
from cases.forms.meetings import BookMeetingForm, MoveMeetingForm
from cases.models import Course, CourseFunction, FollowUpMeeting
from cases.presentation.meetings import grouped, meeting_lines
from cases.views.common import course_url
from jobfirst import clock, mode
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
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


@require_POST
def cancel(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Cancel a booked meeting; it is not held."""
    meeting = _meeting(request, public_id)
    with errors_as_message(request):
        actions.cancel_meeting(meeting)
        messages.success(request, _("The meeting is cancelled."))
    return redirect(course_url(meeting.course, "meetings"))


@require_POST
def missed(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that the citizen did not come; a missed meeting is not held."""
    meeting = _meeting(request, public_id)
    with errors_as_message(request):
        actions.mark_missed(meeting, not_after=mode.last_day_allowed(clock.today()))
        messages.success(request, _("It is recorded that the citizen did not come. Book a new meeting."))
    return redirect(course_url(meeting.course, "meetings"))


def _meeting(request: AuthenticatedRequest, public_id: uuid.UUID) -> FollowUpMeeting:
    return get_of_course_or_404(
        request, FollowUpMeeting.objects.all(), public_id, "course.meeting", "cases.manage_meetings"
    )
