"""The deadlines of courses, as the pages read them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from cases.models import Course
from jobfirst.dates import DAY, DateSpan
from jobfirst.extension_points import role_choices
from reminders.extension_points import find_kind
from reminders.models import Deadline, SubjectType

AHEAD = 366 * DAY


def unsettled_deadlines(
    courses: Iterable[Course], on: datetime.date, *kinds: str
) -> Mapping[int, Sequence[Deadline]]:
    """Return the deadlines of some kinds (or of all) that are shown on the day or later, by course id.

    In the order of their days; one query.
    """
    course_ids = {str(course.public_id): course.pk for course in courses}
    rows = Deadline.objects.of_subjects(SubjectType.COURSE, course_ids.keys()).unsettled_on(on)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    deadlines: dict[int, list[Deadline]] = defaultdict(list)
    for row in rows:
        deadlines[course_ids[row.subject]].append(row)
    return deadlines


def due_on_day(deadlines: Iterable[Deadline], kind: str, on: datetime.date) -> datetime.date | None:
    """Return what is due of the kind when it is shown on the day: the first day, or None."""
    days = (row.due_date.on(on) for row in deadlines if row.kind == kind)
    return min((day for day in days if day is not None), default=None)


@dataclass(frozen=True)
class DeadlineLine:
    """A deadline of a course on its page: what it asks for, when, of whom, and where it is seen to.

    `is_due`: it is shown on the day already, and not only foreseen.
    """

    label: str | Promise
    due_on: datetime.date
    is_due: bool
    is_overdue: bool
    functions: str
    path: str


def next_deadlines(deadlines: Iterable[Deadline], on: datetime.date) -> list[DeadlineLine]:
    """Return what is due on the day (D33), the oldest first, and then what falls due later.

    Of what is due later, only the kinds that have a name for it (`DeadlineKind.task`): the others say that
    something was not done.
    """
    lines = [line for row in deadlines if (line := _line(row, on)) is not None]
    return sorted(lines, key=lambda line: (not line.is_due, line.due_on))


def _line(row: Deadline, on: datetime.date) -> DeadlineLine | None:
    kind = find_kind(row.kind)
    if kind is None:
        return None
    due_on = row.due_date.on(on)
    is_due = due_on is not None
    if due_on is None:
        ahead = row.due_date.occurrences(DateSpan(on, on + AHEAD)) if kind.task else ()
        due_on = next((due_date.due_on for due_date in ahead), None)
    if due_on is None:
        return None
    names = dict(role_choices())
    return DeadlineLine(
        label=kind.label if is_due else kind.task,
        due_on=due_on,
        is_due=is_due,
        is_overdue=is_due and due_on < on,
        functions=", ".join(str(names[function]) for function in row.functions),
        path=kind.link(row.subject),
    )
