"""The course owner's page: the state of each course's next monthly meeting (D9, D18)."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Course, FollowUpMeeting, MeetingState
from cases.presentation.deadlines import due_on_day, unsettled_deadlines
from jobfirst.values.danish_order import danish_key
from jobfirst.values.dates import LATEST
from reminders.models import Deadline

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


def last_held_on(course: Course) -> datetime.date | None:
    """Return the day of the last meeting held; None before the first one. Reads `course.meetings`."""
    held = [meeting.counted_on for meeting in course.meetings.all() if meeting.counted_on is not None]
    return max(held, default=None)


def meeting_lines(courses: Collection[Course], on: datetime.date) -> list[MeetingLine]:
    """Return the state of the next meeting of each course on a day; two queries.

    Overdue, to register, to book and when it is due are the course's deadlines (D18, D33); a meeting booked
    after the day it is due is too late. Reads `course.meetings` in the order of their days; prefetch them.
    """
    deadlines = unsettled_deadlines(courses, on, "meeting_overdue", "meeting_not_booked")
    lines = []
    for course in courses:
        meetings = list(course.meetings.all())
        planned = [m for m in meetings if m.state == MeetingState.BOOKED and m.planned_at is not None]
        booked = planned[0] if planned else None
        due = min((row.due_on for row in deadlines[course.pk] if row.kind == "meeting_overdue"), default=None)
        state = _state(deadlines[course.pk], booked, due, on)
        lines.append(MeetingLine(course, state, due, booked, last_held_on(course)))
    return lines


def _state(
    deadlines: Iterable[Deadline],
    booked: FollowUpMeeting | None,
    due: datetime.date | None,
    on: datetime.date,
) -> str:
    booked_on = timezone.localdate(booked.planned_at) if booked and booked.planned_at else None
    if booked_on is not None and booked_on < on:
        return TO_REGISTER
    if due_on_day(deadlines, "meeting_overdue", on):
        return OVERDUE
    if booked_on is not None:
        return TOO_LATE if due is not None and due < booked_on else BOOKED
    return TO_BOOK if due_on_day(deadlines, "meeting_not_booked", on) else LATER


def grouped(lines: Sequence[MeetingLine]) -> list[MeetingGroup]:
    """Return the lines in the groups of the page, sorted by day and name within each."""
    lines = sorted(lines, key=lambda line: (line.day or LATEST, danish_key(line.course.citizen_name)))
    return [
        MeetingGroup(key, title, [line for line in lines if line.state == key])
        for key, title in TITLES.items()
    ]
