"""What follows from failed attempts to reach the citizen (D49); two kinds of deadlines do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, contacts, owed_by
from cases.rules.failed_contacts import AttemptRow, attempt_rows
from jobfirst.values.dates import DateSpan
from reminders.extension_points import Owed
from reminders.rules.due_dates import DueDate

#: From attempts in a row and the number of the terms to the days on which something is due; None for none.
DaysDue = Callable[[AttemptRow, int], DateSpan | None]


def owed_by_attempts(keys: CourseKeys, kind_code: str, days_due: DaysDue) -> Iterator[Owed]:
    """Yield what the courses owe: due on the day of the attempt that made it due, and shown from it."""
    days = contacts(keys)

    def due_dates(course: CourseDays, terms: TrialTerms) -> Iterator[DueDate]:
        for row in attempt_rows(days.held.get(course.pk, ()), days.failed.get(course.pk, ())):
            span = days_due(row, terms.failed_attempts)
            if span is not None:
                yield DueDate(span.first, span.first, span.last)

    return owed_by(keys, kind_code, due_dates)
