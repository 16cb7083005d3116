"""The concerns of a project leader: deadlines of the courses that are missed, due or unfilled."""

from __future__ import annotations

import datetime
import itertools
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from cases.deadlines import (
    contact_lost,
    function_unfilled,
    meeting_overdue,
    promise_due,
    weekly_contact_overdue,
)
from cases.models import Course, CourseFunction, FunctionHolding, open_to
from companies.deadlines import agreement_ending, agreement_unsigned
from evaluation.measures.values import NOBODY_LEFT_OUT, LeftOut
from plans.deadlines import plan_for_job_due
from reminders import extension_points
from reminders.extension_points import DeadlineKind
from reminders.models import Deadline, Snooze


class ConcernKind(NamedTuple):
    """Deadlines that a leader looks into together: a chip of the page."""

    code: str
    label: str | Promise
    kinds: tuple[str, ...]


def _single(kind: DeadlineKind) -> ConcernKind:
    return ConcernKind(kind.code, kind.label, (kind.code,))


#: The promises of meetings are a kind for each function; the leader sees them under one chip.
PROMISES = ConcernKind(
    "promise_overdue",
    _("A promise from a meeting is not kept"),
    tuple(kind.code for kind in promise_due.KINDS),
)
#: What a leader looks into, in the order of the page.
KINDS = (
    _single(function_unfilled.KIND),
    _single(weekly_contact_overdue.KIND),
    _single(contact_lost.KIND),
    _single(meeting_overdue.KIND),
    PROMISES,
    _single(plan_for_job_due.KIND),
    _single(agreement_unsigned.KIND),
    _single(agreement_ending.KIND),
)
ALL_KINDS = [code for concern in KINDS for code in concern.kinds]


#: Who acts on the day, by course id and function.
ActorNames = Mapping[tuple[int, str], str]


class PutOff(NamedTuple):
    """Who has put a deadline off, until when, and why."""

    person: str
    until_on: datetime.date
    reason: str


@dataclass(frozen=True)
class Concern:
    """A deadline as the leader sees it: what, since when or by when, which citizen, and who is to act."""

    label: str | Promise
    due_on: datetime.date
    course_id: uuid.UUID
    citizen_id: uuid.UUID
    citizen: str
    person: str
    put_off: Sequence[PutOff]


def project_concerns(
    project: Project, on: datetime.date, *also: str, left_out: LeftOut = NOBODY_LEFT_OUT
) -> QuerySet[Any]:
    """Return the deadlines shown on the day that concern the project's leader, each with its `due`; `also`
    are kinds about the project itself. Without those of the citizens `left_out`.

    A promise is shown to whoever is to keep it from its day on, and to the leader once that has passed.
    """
    concerns = Deadline.objects.shown_on(on).filter(project=project, kind__in=[*ALL_KINDS, *also])
    if left_out.subjects:
        concerns = concerns.exclude(subject__in=left_out.subjects)
    return concerns.exclude(kind__in=PROMISES.kinds, due_on__gte=on)


class OpenDeadline(Protocol):
    """A deadline that is shown: its kind, what it is about, and when it was or is due."""

    @property
    def kind(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def due(self) -> datetime.date: ...


def count_by_kind(numbers: Mapping[str, int]) -> list[tuple[ConcernKind, int]]:
    """Return how many there are of each kind, in the order of the page; `numbers` by code of the deadline."""
    return [(concern, sum(numbers.get(code, 0) for code in concern.kinds)) for concern in KINDS]


def find_concern_kind(code: str) -> ConcernKind | None:
    """Return the kind with this code, if there is one."""
    return next((concern for concern in KINDS if concern.code == code), None)


def as_concerns(
    deadlines: Sequence[Any],
    on: datetime.date,
    actors: ActorNames | None = None,
    user: User | None = None,
) -> list[Concern]:
    """Return the deadlines of a page as the leader sees them, in three queries; in two when it is known who
    acts. Citizens from whom the `user` is shut out are left out (D51)."""
    subjects = {deadline.subject for deadline in deadlines}
    courses = _courses(subjects, user)
    if actors is None:
        holders = FunctionHolding.objects.filter(course__in=[course.pk for course in courses.values()])
        actors = holders.names_of_actors(on)
    put_off = _put_off(subjects, on)
    concerns = []
    for deadline in deadlines:
        course = courses.get(deadline.subject)
        kind = extension_points.find_kind(deadline.kind)
        if course is not None and kind is not None:
            concerns.append(
                Concern(
                    label=kind.label,
                    due_on=deadline.due,
                    course_id=course.public_id,
                    citizen_id=course.citizen_id,
                    citizen=course.citizen,
                    person=_person(course, kind, actors),
                    put_off=put_off.get((deadline.kind, deadline.subject, deadline.due), ()),
                )
            )
    return concerns


class _ListedCourse(NamedTuple):
    pk: int
    public_id: uuid.UUID
    citizen_id: uuid.UUID
    citizen: str


def _courses(subjects: Collection[str], user: User | None) -> dict[str, _ListedCourse]:
    """Return what the list shows of the courses, by subject."""
    fields = ("pk", "public_id", "citizen__public_id", "referral__name")
    courses = Course.objects.filter(public_id__in=subjects)
    rows = (courses.filter(open_to(user)) if user else courses).values_list(*fields)
    return {str(course.public_id): course for course in itertools.starmap(_ListedCourse, rows)}


def _put_off(
    subjects: Collection[str], on: datetime.date
) -> Mapping[tuple[str, str, datetime.date], Sequence[PutOff]]:
    """Return who has put off what on the day, by kind, subject and due day."""
    snoozes = (
        Snooze.objects.running(on)
        .filter(reminder__subject__in=subjects)
        .values_list(
            *("reminder__kind", "reminder__subject", "reminder__due_on"),
            *("reminder__recipient__name", "reminder__recipient__email", "until_on", "reason"),
        )
    )
    put_off: dict[tuple[str, str, datetime.date], list[PutOff]] = defaultdict(list)
    for kind, subject, due_on, name, email, until_on, reason in snoozes:
        put_off[kind, subject, due_on].append(PutOff(name or email, until_on, reason))
    return put_off


def _person(course: _ListedCourse, kind: DeadlineKind, actors: ActorNames) -> str:
    """Return who acts in the first of the kind's functions that has a holder; for unfilled functions their
    names, as the leader is to fill them."""
    if kind.code == function_unfilled.KIND.code:
        unfilled = [function for function in CourseFunction if (course.pk, function) not in actors]
        return ", ".join(str(function.label) for function in unfilled)
    people = (actors.get((course.pk, function)) for function in kind.functions)
    return next((person for person in people if person), "")
