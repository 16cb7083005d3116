"""The deadlines of courses, as the pages read them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise

from cases.models import Course
from jobfirst.extension_points import role_choices
from jobfirst.kit.days import LONG_DATE, written_weekday
from jobfirst.values.dates import DAY, DateSpan
from reminders.extension_points import DeadlineKind, find_kind
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
    due_on: str
    is_due: bool
    is_overdue: bool
    functions: str
    path: str


@dataclass(frozen=True)
class DeadlineLines:
    """The first deadlines of a course, and the further ones that are due already."""

    first: Sequence[DeadlineLine]
    more: Sequence[DeadlineLine]


def next_deadlines(deadlines: Iterable[Deadline], on: datetime.date, count: int) -> DeadlineLines:
    """Return what is due on the day (D33), the oldest first, and then what falls due later, `count` in all;
    and what is due beyond that.

    Of what is due later, the next of each kind that has a name for it (`DeadlineKind.task`): the others say
    that something was not done.
    """
    dated = [entry for row in deadlines if (entry := _dated(row, on)) is not None]
    dated.sort(key=lambda entry: (not entry.is_due, entry.due_on))
    kinds_ahead = {entry.kind.code: entry for entry in reversed(dated) if not entry.is_due}
    dated = [entry for entry in dated if entry.is_due or kinds_ahead[entry.kind.code] is entry]
    names = {role: str(label) for role, label in role_choices()}
    return DeadlineLines(
        [entry.line(on, names) for entry in dated[:count]],
        [entry.line(on, names) for entry in dated[count:] if entry.is_due],
    )


def due_lines(deadlines: Iterable[Deadline], on: datetime.date) -> list[DeadlineLine]:
    """Return what is due on the day, the oldest first."""
    dated = [entry for row in deadlines if (entry := _dated(row, on)) is not None and entry.is_due]
    names = {role: str(label) for role, label in role_choices()}
    return [entry.line(on, names) for entry in sorted(dated, key=lambda entry: entry.due_on)]


class _DatedDeadline(NamedTuple):
    """A deadline with the day on which it is due, now or next."""

    row: Deadline
    kind: DeadlineKind
    due_on: datetime.date
    is_due: bool

    def line(self, on: datetime.date, names: Mapping[str, str]) -> DeadlineLine:
        """Return it in words."""
        return DeadlineLine(
            label=self.kind.label if self.is_due else self.kind.task,
            due_on=written_weekday(self.due_on, LONG_DATE),
            is_due=self.is_due,
            is_overdue=self.is_due and self.due_on < on,
            functions=", ".join(names[function] for function in self.row.functions),
            path=self.kind.link(self.row.subject),
        )


def _dated(row: Deadline, on: datetime.date) -> _DatedDeadline | None:
    kind = find_kind(row.kind)
    if kind is None:
        return None
    due_on = row.due_date.on(on)
    if due_on is not None:
        return _DatedDeadline(row, kind, due_on, is_due=True)
    ahead = row.due_date.occurrences(DateSpan(on, on + AHEAD)) if kind.task else iter(())
    later = next(ahead, None)
    return None if later is None else _DatedDeadline(row, kind, later.due_on, is_due=False)
