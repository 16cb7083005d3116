"""The course owner's page: the state of each course's next monthly meeting (D9, D18)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.models import Course, FollowUpMeeting, MeetingState
from cases.rules.monthly_meeting import next_meeting_due
from jobfirst.dates import DAY, LATEST

OVERDUE, TO_REGISTER, TOO_LATE, TO_BOOK = "overdue", "to_register", "too_late", "to_book"
BOOKED, LATER = "booked", "later"
#: The groups of the page, in its order.
TITLES = {
    OVERDUE: _("Not held in time"),
    TO_REGISTER: _("Was it held?"),
    TOO_LATE: _("Booked after the deadline"),
    TO_BOOK: _("To be booked now"),
    BOOKED: _("Booked"),
    LATER: _("Later"),
}


@dataclass(frozen=True)
class MeetingLine:
    """A course with the state of its next meeting."""

    course: Course
    state: str
    due: datetime.date | None
    booked: FollowUpMeeting | None
    last_held: datetime.date | None

    @property
    def day(self) -> datetime.date | None:
        """The day that the line is sorted by: of the booked meeting, unless the meeting is overdue."""
        booked_at = self.booked.planned_at if self.booked and self.state != OVERDUE else None
        return timezone.localdate(booked_at) if booked_at else self.due


@dataclass(frozen=True)
class MeetingGroup:
    """The courses whose next meeting has the same state."""

    key: str
    title: str | Promise
    lines: Sequence[MeetingLine]


def meeting_line(course: Course, on: datetime.date, terms: TrialTerms) -> MeetingLine:
    """Return the course with the state of its next meeting on a day.

    A booked meeting whose day has passed is to be registered; one after the day it is due is too late. A
    meeting is to be booked from a number of days (a term) before it is due (D33).
    """
    meetings = list(course.meetings.all())
    held = [meeting.held_on for meeting in meetings if meeting.held_on is not None]
    open_ones = [m for m in meetings if m.state == MeetingState.BOOKED and m.planned_at is not None]
    booked = min(open_ones, key=lambda meeting: meeting.planned_at or timezone.now(), default=None)
    due = next_meeting_due(course.follow_up, held, interval_days=terms.meeting_interval_days)
    booked_on = timezone.localdate(booked.planned_at) if booked and booked.planned_at else None
    if booked_on is not None and booked_on < on:
        state = TO_REGISTER
    elif due is not None and due < on:
        state = OVERDUE
    elif booked_on is not None:
        state = TOO_LATE if due is not None and due < booked_on else BOOKED
    elif due is not None and due - terms.booking_lead_days * DAY <= on:
        state = TO_BOOK
    else:
        state = LATER
    return MeetingLine(course, state, due, booked, max(held, default=None))


def grouped(lines: Sequence[MeetingLine]) -> list[MeetingGroup]:
    """Return the lines in the groups of the page, sorted by day and name within each."""
    lines = sorted(lines, key=lambda line: (line.day or LATEST, line.course.citizen_name))
    return [
        MeetingGroup(key, title, [line for line in lines if line.state == key])
        for key, title in TITLES.items()
    ]
