"""The deadlines of courses, as the pages read them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from cases.models import Course
from reminders.models import Deadline, SubjectType


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
