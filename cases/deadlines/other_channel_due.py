"""Several attempts failed by one channel: the mentor is to try another one (D49)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from cases.deadlines.courses import (
    Subjects,
    attempts,
    contact_days,
    course_days,
    owed_by,
    section_of_page,
    terms_periods,
)
from cases.models import CourseFunction
from cases.rules.failed_contacts import Attempt, attempt_rows
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(
    contacts: Sequence[datetime.date], attempts: Sequence[Attempt], *, most: int
) -> Iterator[DueDate]:
    """Yield the days on which another channel is due, from the attempt that made it due.

    `contacts` are the days of contact with the citizen; both are in order.
    """
    for row in attempt_rows(contacts, attempts):
        span = row.other_channel_due(most)
        if span is not None:
            yield DueDate(span.first, span.first, span.last)


def find(subjects: Subjects) -> Iterator[Owed]:
    """Yield what the courses owe."""
    contacts, failed, periods = contact_days(subjects), attempts(subjects), terms_periods()
    for course in course_days(subjects):
        if course.pk not in failed:
            continue
        days, tries = contacts.get(course.pk, ()), failed[course.pk]
        yield from owed_by(
            course,
            ((period, due_dates(days, tries, most=period.terms.failed_attempts)) for period in periods),
            paused=course.paused(KIND.code),
        )


KIND = DeadlineKind(
    code="other_channel_due",
    label=_("Try to reach the citizen in another way"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.MENTOR,),
    find=find,
    link=section_of_page("contacts"),
    in_pause=InPause.MAY_BE_SUSPENDED,
)
