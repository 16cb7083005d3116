"""What is overdue by person (D33): who is to act, how to reach them, and what waits for them."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.safestring import SafeString

from accounts.models import Project
from cases.deadlines import function_unfilled
from cases.models import FunctionHolding
from evaluation.deadlines import steering_group_due
from evaluation.measures.values import NOBODY_LEFT_OUT, LeftOut
from evaluation.monday.concerns import ActorNames, find_concern_kind, project_concerns
from jobfirst.kit.phones import reach_links
from jobfirst.values.danish_order import danish_key
from reminders import extension_points

#: Nobody holds the function: the leader is to fill it.
NOBODY = "ingen"
#: What is fetched of who acts.
_PERSON = ("public_id", "name", "email", "phone")


class ActingPerson(NamedTuple):
    """Who acts in a function: the holder, or the stand-in."""

    key: str
    name: str
    email: str
    phone: str


@dataclass(frozen=True)
class PersonLine:
    """A person with what is overdue and what is due; `reach` are the links to phone and e-mail."""

    key: str
    name: str
    reach: SafeString
    overdue: int
    in_all: int


@dataclass(frozen=True, slots=True)
class OpenConcern:
    """A deadline that concerns the leader: its kind and subject, when it was due, and who is to act."""

    kind: str
    subject: str
    due: datetime.date
    actor: str


@dataclass(frozen=True)
class ProjectActors:
    """Who acts in the functions of the project's courses on the day, by the course's public id or its key."""

    by_subject: Mapping[tuple[str, str], ActingPerson]
    names: ActorNames
    people: Mapping[str, ActingPerson]

    @classmethod
    def fetch(cls, project: Project, on: datetime.date) -> ProjectActors:
        """Return the actors of the courses that have not ended; one query.

        It returns a row for each person with the lists of what the person holds: a row for each holding takes
        as long to fetch as all the figures of the page to count.
        """
        holdings = FunctionHolding.objects.in_force(on).with_stand_in(on).order_by()
        persons = holdings.filter(course__project=project).values_list(
            *(f"user__{field}" for field in _PERSON), "stand_in_row"
        )
        rows = persons.annotate(
            courses=ArrayAgg("course_id"),
            subjects=ArrayAgg(Cast("course__public_id", TextField())),
            functions=ArrayAgg("function"),
        )
        by_subject, names = {}, {}
        people: dict[str, ActingPerson] = {}
        for *holder, stand_in, courses, subjects, functions in rows:
            acting = [stand_in[field] for field in _PERSON] if stand_in is not None else holder
            key, name, email, phone = acting
            actor = people.setdefault(str(key), ActingPerson(str(key), name or email, email, phone))
            by_subject.update(dict.fromkeys(zip(subjects, functions, strict=True), actor))
            names.update(dict.fromkeys(zip(courses, functions, strict=True), actor.name))
        return cls(by_subject, names, people)

    def of(self, kind_code: str, subject: str) -> str:
        """Return the key of who acts on a deadline: in the first of its functions that somebody holds."""
        kind = extension_points.find_kind(kind_code)
        if kind is None or kind_code == function_unfilled.KIND.code:
            return NOBODY
        actors = (self.by_subject.get((subject, function)) for function in kind.functions)
        return next((actor.key for actor in actors if actor is not None), NOBODY)


def open_concerns(concerns: QuerySet[Any], actors: ProjectActors) -> list[OpenConcern]:
    """Return the concerns of the leader with who is to act; one query."""
    rows = concerns.order_by("due", "kind", "subject", "pk").values_list("kind", "subject", "due")
    return [OpenConcern(kind, subject, due, actors.of(kind, subject)) for kind, subject, due in rows]


class ProjectConcerns:
    """The concerns of a project's leader on a day: all of them with who is to act (`rows`, fetched when they
    are needed, in two queries), or those of an address (`narrowed`); without those of the citizens
    `left_out`."""

    def __init__(self, project: Project, on: datetime.date, left_out: LeftOut = NOBODY_LEFT_OUT) -> None:
        self.project = project
        self.on = on
        self.left_out = left_out

    @cached_property
    def actors(self) -> ProjectActors:
        """Who acts in the courses; one query."""
        return ProjectActors.fetch(self.project, self.on)

    def _all(self, *also: str) -> QuerySet[Any]:
        return project_concerns(self.project, self.on, *also, left_out=self.left_out)

    @cached_property
    def _with_steering(self) -> list[OpenConcern]:
        concerns = self._all(steering_group_due.KIND.code)
        return open_concerns(concerns, self.actors)

    @property
    def rows(self) -> list[OpenConcern]:
        """The concerns about courses."""
        return [concern for concern in self._with_steering if concern.subject != self.project.slug]

    @property
    def are_fetched(self) -> bool:
        """Whether all concerns have been fetched already."""
        return "_with_steering" in vars(self)

    def summed(self, nobody: str) -> ConcernSums:
        """Return how many there are by kind and by person; `nobody` is what to call a function without a
        holder."""
        return ConcernSums(
            Counter(concern.kind for concern in self.rows),
            people_lines(self.rows, self.actors, self.on, nobody),
            [row.due for row in self._with_steering if row.subject == self.project.slug],
        )

    def narrowed(self, kind: str, person: str, *, is_late: bool) -> Sequence[OpenConcern] | QuerySet[Any]:
        """Return the concerns of the kind, the person and the lateness that an address asks for.

        A query, of which only a page is read, unless all have been fetched or a person is named.
        """
        chosen = find_concern_kind(kind)
        if person or self.are_fetched:
            return [
                concern
                for concern in self.rows
                if (chosen is None or concern.kind in chosen.kinds)
                and (not person or concern.actor == person)
                and (not is_late or concern.due < self.on)
            ]
        concerns = self._all()
        if chosen is not None:
            concerns = concerns.filter(kind__in=chosen.kinds)
        return concerns.filter(due__lt=self.on) if is_late else concerns


@dataclass(frozen=True)
class ConcernSums:
    """How many concerns of each kind there are, who has something overdue, and since when meetings of the
    steering group are due."""

    by_kind: Mapping[str, int]
    people: Sequence[PersonLine]
    steering_due: Sequence[datetime.date]


def people_lines(
    concerns: Sequence[OpenConcern], actors: ProjectActors, on: datetime.date, nobody: str
) -> list[PersonLine]:
    """Return a line for each person with something overdue, the most first; `nobody` is what to call a
    function without a holder."""
    overdue = Counter(concern.actor for concern in concerns if concern.due < on)
    in_all = Counter(concern.actor for concern in concerns)
    lines = []
    for key, number in overdue.items():
        actor = actors.people.get(key)
        name = nobody if actor is None else actor.name
        reach = SafeString("") if actor is None else reach_links(actor.phone, actor.email, actor.name)
        lines.append(PersonLine(key, name, reach, number, in_all[key]))
    return sorted(lines, key=lambda line: (-line.overdue, danish_key(line.name)))
