"""The citizen cannot be reached, by another channel either: project leader and course owner (D49)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
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
    """Yield the days on which contact is lost, from the attempt that made it so until the next contact.

    `contacts` are the days of contact with the citizen; both are in order.
    """
    for row in attempt_rows(contacts, attempts):
        span = row.lost(most)
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
    code="contact_lost",
    label=_("The citizen cannot be reached"),
    subject_type=SubjectType.COURSE,
    functions=(Role.PROJECT_LEADER, CourseFunction.COURSE_OWNER),
    find=find,
    link=section_of_page("contacts"),
    in_pause=InPause.MAY_BE_SUSPENDED,
)
