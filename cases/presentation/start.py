"""The checklist of a course's start: what is done since when, and the page that does the rest (D8, D10)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import User
from cases import extension_points
from cases.extension_points import PhaseRequirement
from cases.models import Course, FunctionHolding


@dataclass(frozen=True)
class StartLine:
    """A line of the checklist; `url` is the page that does it, for who may."""

    key: str
    label: str | Promise
    is_done: bool
    done_on: datetime.date | None
    url: str


def met_name(key: str) -> str:
    """Return the name under which the overview's query tells whether a requirement is met."""
    return f"has_{key}"


def start_requirements() -> list[PhaseRequirement]:
    """Return the lines of the checklist, in the order in which they are done."""
    return [entry for entry in extension_points.requirements() if entry.done_on is not None]


def with_start_answers(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Return the courses with what is done of their start: for `is_starting`."""
    return courses.annotate(**{met_name(entry.key): entry.is_met for entry in start_requirements()})


def with_start(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Return the courses with what is done of their start, and since when: for `start_lines`."""
    days = {f"day_{entry.key}": entry.done_on for entry in start_requirements()}
    return with_start_answers(courses).annotate(**days)


def is_starting(course: Course) -> bool:
    """Whether something of the course's checklist is missing. Needs `with_start_answers`."""
    return not all(getattr(course, met_name(entry.key)) for entry in start_requirements())


def start_lines(course: Course, user: User) -> list[StartLine]:
    """Return the checklist of a course; the overview's query has no days."""
    return [_line(entry, course, user) for entry in start_requirements()]


def _line(entry: PhaseRequirement, course: Course, user: User) -> StartLine:
    is_done = getattr(course, met_name(entry.key))
    return StartLine(
        key=entry.key,
        label=entry.label,
        is_done=is_done,
        done_on=getattr(course, f"day_{entry.key}", None) if is_done else None,
        url=entry.url(course) if user.has_perm(entry.perm, course) else "",
    )


def caseloads(users: Iterable[User], project_id: int, on: datetime.date) -> dict[int, int]:
    """Return how many running courses of the project each user has a function in; one query.

    Users without any are left out.
    """
    holdings = FunctionHolding.objects.in_force(on).filter(
        user__in=list(users), course__project=project_id, course__in=Course.objects.running(on)
    )
    pairs = holdings.order_by().values_list("user_id", "course_id").distinct()
    counts: dict[int, int] = {}
    for user_id, _course_id in pairs:
        counts[user_id] = counts.get(user_id, 0) + 1
    return counts
