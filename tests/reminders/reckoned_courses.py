"""What the reckoning day by day needs of courses: which run on a day, and who holds their functions."""

import datetime
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from accounts.models import Membership
from accounts.roles import Role
from cases.models import Course, CoursePause, FunctionHolding
from jobfirst.values.dates import DateSpan

Subjects = Collection[str] | None


@dataclass(frozen=True, slots=True)
class Fact:
    """That a recipient (a user's id) is to be told about a subject; due on that day."""

    subject: str
    recipient_id: int
    due_on: datetime.date


def project_leaders() -> dict[int, list[int]]:
    """The leaders' user ids of every project, by project id."""
    leaders: dict[int, list[int]] = defaultdict(list)
    rows = Membership.objects.filter(role=Role.PROJECT_LEADER, project__isnull=False, user__is_active=True)
    for project, user in rows.values_list("project_id", "user_id"):
        leaders[project].append(user)
    return leaders


@dataclass(frozen=True, slots=True)
class Running:
    """What the finders need of a running course."""

    pk: int
    subject: str
    project: int
    started_on: datetime.date
    internship_from: datetime.date | None
    retention_until: datetime.date | None
    continued_from: datetime.date | None
    ended_on: datetime.date | None

    @property
    def follow_up(self) -> DateSpan:
        """The days on which follow-up is owed: to the end of the retention window, or of the course (D19)."""
        lasts = [day for day in (self.retention_until, self.ended_on) if day is not None]
        return DateSpan(self.started_on, min(lasts, default=None))


RowT = TypeVar("RowT", bound=Model)


def about(rows: QuerySet[RowT], subjects: Subjects) -> QuerySet[RowT]:
    """Return the rows of the named courses (public ids); all rows when none are named."""
    return rows if subjects is None else rows.filter(course__public_id__in=subjects)


def running(on: datetime.date, subjects: Subjects = None) -> list[Running]:
    """The courses that run on the day, those of the subjects if any are named; one query."""
    courses = Course.objects.running(on).order_by("pk")
    if subjects is not None:
        courses = courses.filter(public_id__in=subjects)
    return [
        Running(
            course.pk,
            str(course.public_id),
            course.project_id,
            course.started_on,
            course.internship_from,
            course.retention_until,
            course.continued_from,
            course.ended_on,
        )
        for course in courses.only(
            "public_id",
            "project_id",
            "started_on",
            "internship_from",
            "retention_until",
            "continued_from",
            "ended_on",
        )
    ]


def holders(on: datetime.date, *functions: str, subjects: Subjects = None) -> dict[int, list[int]]:
    """Who holds one of the functions on the day: user ids by course id; one query."""
    rows = FunctionHolding.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), function__in=functions, from_on__lte=on
    )
    holders_of_course: dict[int, list[int]] = defaultdict(list)
    for pk, user in (
        about(rows, subjects).values_list("course_id", "user_id").order_by("course_id", "function")
    ):
        holders_of_course[pk].append(user)
    return holders_of_course


def pauses_of(kind: str, subjects: Subjects) -> dict[int, list[DateSpan]]:
    """The pauses that suspend the kind (D50), by course id."""
    pauses: dict[int, list[DateSpan]] = defaultdict(list)
    for pause in about(CoursePause.objects.filter(suspended__contains=[kind]), subjects):
        pauses[pause.course_id].append(DateSpan(pause.starts_on, pause.ends_on))
    return pauses
