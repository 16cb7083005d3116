"""The course owner's page: the state of each course's next monthly meeting (D9, D18)."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Course, FollowUpMeeting, MeetingState
from cases.presentation.deadlines import due_on_day, unsettled_deadlines
from jobfirst.dates import LATEST

OVERDUE, TO_REGISTER, TO_BOOK, BOOKED, LATER = "overdue", "to_register", "to_book", "booked", "later"
#: The groups of the page, in its order.
TITLES = {
    OVERDUE: _("Not held in time"),
    TO_REGISTER: _("Was it held?"),
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


@dataclass(frozen=True)
class MeetingGroup:
    """The courses whose next meeting has the same state."""

    key: str
    title: str | Promise
    lines: Sequence[MeetingLine]


def meeting_lines(courses: Collection[Course], on: datetime.date) -> list[MeetingLine]:
    """Return the state of the next meeting of each course on a day, by due day and name; two queries.

    Overdue, to register, to book and when it is due are the course's deadlines (D18, D33). Reads
    `course.meetings` in the order of their days; prefetch them.
    """
    deadlines = unsettled_deadlines(courses, on, "meeting_overdue", "meeting_not_booked")
    lines = []
    for course in courses:
        meetings = list(course.meetings.all())
        planned = [m for m in meetings if m.state == MeetingState.BOOKED and m.planned_at is not None]
        booked = planned[0] if planned else None
        if booked is not None and booked.planned_at and timezone.localdate(booked.planned_at) < on:
            state = TO_REGISTER
        elif due_on_day(deadlines[course.pk], "meeting_overdue", on):
            state = OVERDUE
        elif due_on_day(deadlines[course.pk], "meeting_not_booked", on):
            state = TO_BOOK
        else:
            state = BOOKED if booked is not None else LATER
        held = [meeting.held_on for meeting in meetings if meeting.held_on is not None]
        due = [row.due_on for row in deadlines[course.pk] if row.kind == "meeting_overdue"]
        lines.append(MeetingLine(course, state, min(due, default=None), booked, max(held, default=None)))
    return sorted(lines, key=lambda line: (line.due or LATEST, line.course.citizen_name))


def grouped(lines: Sequence[MeetingLine]) -> list[MeetingGroup]:
    """Return the lines in the groups of the page, in the order given within each."""
    return [
        MeetingGroup(key, title, [line for line in lines if line.state == key])
        for key, title in TITLES.items()
    ]
