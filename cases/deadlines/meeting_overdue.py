"""The monthly meeting is overdue: the course owner, from the day after it was due until one is held (D18)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from cases.deadlines.courses import (
    Subjects,
    course_days,
    meeting_days,
    owed_by,
    section_of_page,
    terms_periods,
)
from cases.models import CourseFunction
from cases.rules.monthly_meeting import meetings_due
from jobfirst.dates import DAY, DateSpan
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(follow_up: DateSpan, held: Sequence[datetime.date], *, interval_days: int) -> Iterator[DueDate]:
    """Yield each meeting due, shown from the day after until one is held; `held` are days, in order."""
    for due_on, waiting in meetings_due(follow_up, held, interval_days=interval_days):
        shown = DueDate(due_on, max(due_on + DAY, waiting.first), waiting.last)
        if not shown.is_empty:
            yield shown


def find(subjects: Subjects) -> Iterator[Owed]:
    """Yield what the courses owe."""
    held, periods = meeting_days(subjects), terms_periods()
    for course in course_days(subjects):
        days = held.get(course.pk, ())
        yield from owed_by(
            course,
            (
                (period, due_dates(course.follow_up, days, interval_days=period.terms.meeting_interval_days))
                for period in periods
            ),
            paused=course.paused(KIND.code),
        )


KIND = DeadlineKind(
    code="meeting_overdue",
    label=_("The follow-up meeting is overdue"),
    task=_("Follow-up meeting"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.COURSE_OWNER,),
    find=find,
    link=section_of_page("meetings"),
    in_pause=InPause.SUSPENDED,
    demanded=True,
)
