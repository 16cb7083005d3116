"""Monthly meetings: the course owner's landing page; booking, holding, moving and closing one (D9, D18)."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import TrialTerms, User
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases import actions
from cases.access import get_course_or_404, get_of_course_or_404
from cases.forms.meetings import BookForm, HoldForm, MoveForm
from cases.models import Course, CourseFunction, FollowUpMeeting
from cases.presentation.meetings import grouped, meeting_line
from cases.views.common import answer_form, course_url, form_page, last_day_allowed, posted
from jobfirst import clock
from jobfirst.dates import LATEST
from jobfirst.kit.pages import Empty, render_page


@require_safe
@requires("cases.my_meetings")
def my_meetings(request: AuthenticatedRequest) -> HttpResponse:
    """The course owner's page: meetings overdue, to be registered, to be booked, and booked."""
    today = clock.today()
    courses = (
        Course.objects.held_by(request.user, CourseFunction.COURSE_OWNER)
        .running(today)
        .select_related("citizen", "referral")
        .prefetch_related(Prefetch("meetings", FollowUpMeeting.objects.order_by("planned_at")))
    )
    terms = TrialTerms.objects.in_force(today)
    lines = [meeting_line(course, today, terms) for course in courses]
    lines.sort(key=lambda line: (line.due or LATEST, line.course.citizen_name))
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


@form_page
def book(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Book a monthly meeting; citizen, course owner, job consultant and mentor are invited (D18)."""
    course = get_course_or_404(request, public_id, "course.meeting", "cases.manage_meetings")
    form = BookForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: actions.book_meeting(
            course,
            planned_at=form.cleaned_data["planned_at"],
            place=form.cleaned_data["place"],
            by=request.user,
            submission=form.submission,
            today=clock.today(),
        ),
        title=_("Book a monthly meeting"),
        intro=_(
            "%(name)s takes part in the meeting, with the course owner, the job consultant and the mentor."
        )
        % {"name": course.citizen_name},
        submit=_("Book"),
        back_url=course_url(course, "meetings"),
        saved=_("The meeting is booked."),
    )


@form_page
def hold(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record a booked meeting as held. Not without the citizen (D9)."""
    meeting = _meeting(request, public_id)
    course = meeting.course
    planned = timezone.localdate(meeting.planned_at) if meeting.planned_at else clock.today()
    form = HoldForm(
        posted(request),
        initial={"held_on": min(planned, clock.today()) if last_day_allowed() else planned},
        people=User.objects.filter(holdings__course=course).distinct().order_by("name"),
    )
    return answer_form(
        request,
        form,
        lambda: actions.hold_meeting(
            meeting,
            held_on=form.cleaned_data["held_on"],
            citizen_present=form.cleaned_data["citizen_present"],
            attendees=form.cleaned_data["attendees"],
            summary=form.cleaned_data["summary"],
            by=request.user,
            not_after=last_day_allowed(),
            today=clock.today(),
        ),
        title=_("Record the meeting as held"),
        intro=course.citizen_name,
        submit=_("The meeting was held"),
        back_url=course_url(course, "meetings"),
        saved=_("The meeting is recorded as held."),
    )


@form_page
def move(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Give a booked meeting another day, time or place."""
    meeting = _meeting(request, public_id)
    form = MoveForm(posted(request), instance=meeting)
    return answer_form(
        request,
        form,
        lambda: actions.move_meeting(
            meeting,
            planned_at=form.cleaned_data["planned_at"],
            place=form.cleaned_data["place"],
            version=form.opened_version,
            today=clock.today(),
        ),
        title=_("Move the meeting"),
        intro=meeting.course.citizen_name,
        back_url=course_url(meeting.course, "meetings"),
        saved=_("The meeting is moved."),
    )


@require_POST
def cancel(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Cancel a booked meeting; it does not count as held."""
    return _close(
        request,
        public_id,
        lambda meeting: actions.cancel_meeting(meeting, today=clock.today()),
        _("The meeting is cancelled."),
    )


@require_POST
def missed(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that the citizen did not come; it does not count as held."""
    return _close(
        request,
        public_id,
        lambda meeting: actions.mark_missed(meeting, not_after=last_day_allowed(), today=clock.today()),
        _("It is recorded that the citizen did not come. Book a new meeting."),
    )


def _close(
    request: AuthenticatedRequest,
    public_id: uuid.UUID,
    action: Callable[[FollowUpMeeting], object],
    done: str,
) -> HttpResponse:
    meeting = _meeting(request, public_id)
    try:
        action(meeting)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)
    return redirect(course_url(meeting.course, "meetings"))


def _meeting(request: AuthenticatedRequest, public_id: uuid.UUID) -> FollowUpMeeting:
    return get_of_course_or_404(
        request, FollowUpMeeting.objects.all(), public_id, "course.meeting", "cases.manage_meetings"
    )
