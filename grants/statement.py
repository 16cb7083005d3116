"""The draft of a year's statement (D30): what each project has earned up to the cut-off, and what is left.

Reckoned afresh from the placements every time, in four queries whatever the number of citizens: terms,
projects, what earlier statements paid, and one stream of spells in order of course.
"""

import datetime
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from operator import attrgetter, itemgetter

from django.utils.translation import gettext as _

from accounts.models import Project
from companies.models import Placement
from grants.entitlement import Event, EventKind, Spell, Terms, Window, ceiling, payable, reckon, terms_on
from grants.models import GrantScheme, Statement

ZERO = Decimal("0.00")
CHUNK = 5000


class NoTermsError(Exception):
    """No terms of the grant are in force on the cut-off."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event of one citizen, who is known here by pseudonym only."""

    citizen: str
    citizen_public_id: uuid.UUID
    course_public_id: uuid.UUID
    event: Event


@dataclass(frozen=True)
class ProjectStatement:
    """One project's part of the draft; money in kroner."""

    project: Project
    ceiling: Decimal
    paid_before: Decimal
    lines: tuple[Line, ...]

    @property
    def target_count(self) -> int:
        """How many participants the project aims at."""
        return self.project.target_count

    @cached_property
    def starts(self) -> int:
        """Starts earned up to the cut-off."""
        return sum(line.event.kind is EventKind.START for line in self.lines)

    @cached_property
    def completions(self) -> int:
        """Completions earned up to the cut-off."""
        return sum(line.event.kind is EventKind.COMPLETION for line in self.lines)

    @cached_property
    def earned_to_date(self) -> Decimal:
        """The sum of all lines, whatever the ceiling."""
        return sum((line.event.amount for line in self.lines), ZERO)

    @property
    def payable(self) -> Decimal:
        """What is left to pay within the ceiling; negative when too much was paid before."""
        return payable(self.earned_to_date, self.ceiling, self.paid_before)


@dataclass(frozen=True)
class Draft:
    """The statement of a year as it would be presented today. Never stored, never approved."""

    year: int
    cut_off: datetime.date
    scheme: GrantScheme
    projects: tuple[ProjectStatement, ...]

    def total(self, name: str) -> Decimal | int:
        """The sum over the projects of one of their figures, by its name."""
        return sum((getattr(item, name) for item in self.projects), ZERO if name in MONEY else 0)

    def citizens(self) -> list[uuid.UUID]:
        """Public ids of everybody the draft shows, for the access record."""
        return list({line.citizen_public_id: None for item in self.projects for line in item.lines})


MONEY = frozenset({"ceiling", "earned_to_date", "paid_before", "payable"})


def default_cut_off(year: int) -> datetime.date:
    """A statement runs to the end of its year unless another day is given."""
    return datetime.date(year, 12, 31)


def compute(year: int, cut_off: datetime.date, projects: Iterable[Project]) -> Draft:
    """The draft for these projects. Raises NoTermsError when no terms are in force on the cut-off."""
    schemes = list(GrantScheme.objects.order_by("valid_from"))
    terms = [scheme.terms() for scheme in schemes]
    in_force = terms_on(terms, cut_off)
    if in_force is None:
        raise NoTermsError(_("No terms of the grant are in force on %(day)s.") % {"day": cut_off.isoformat()})
    scheme = next(row for row in schemes if row.valid_from == in_force.valid_from)
    found = sorted(projects, key=attrgetter("slug"))
    paid = Statement.objects.paid_by_project(cut_off)
    lines = _lines({project.pk: project for project in found}, cut_off, terms)
    return Draft(
        year=year,
        cut_off=cut_off,
        scheme=scheme,
        projects=tuple(
            ProjectStatement(
                project=project,
                ceiling=ceiling(in_force, project.target_count),
                paid_before=paid.get(project.pk, ZERO),
                lines=tuple(sorted(lines.get(project.pk, ()), key=_order)),
            )
            for project in found
        ),
    )


def _order(line: Line) -> tuple[datetime.date, str, bool]:
    return (line.event.on, line.citizen, line.event.kind is EventKind.COMPLETION)


FIELDS = (
    "course_id",
    "course__project_id",
    "course__started_on",
    "course__public_id",
    "course__citizen__public_id",
    "course__citizen__pseudonym",
    "pk",
    "company__cvr",
    "kind",
    "starts_on",
    "planned_end_on",
    "ended_on",
)


def _lines(projects: dict[int, Project], cut_off: datetime.date, terms: list[Terms]) -> dict[int, list[Line]]:
    """The events of every course of the projects, by project id."""
    spells = Placement.objects.filter(
        course__project_id__in=projects,
        kind__in=frozenset().union(*(row.counting_kinds for row in terms)),
        starts_on__lte=cut_off,
    ).order_by("course_id")
    found: dict[int, list[Line]] = {}
    rows: Iterator[tuple] = spells.values_list(*FIELDS).iterator(chunk_size=CHUNK)
    for _course, group in groupby(rows, key=itemgetter(0)):
        course = list(group)
        _, project_id, started_on, course_public_id, public_id, pseudonym, *_rest = course[0]
        project = projects[project_id]
        window = Window(started_on, project.starts_on, project.ends_on, cut_off)
        events = reckon(_spells(course), window, terms).events
        found.setdefault(project_id, []).extend(
            Line(pseudonym, public_id, course_public_id, event) for event in events
        )
    return found


def _spells(rows: Iterable[tuple]) -> Iterator[Spell]:
    for row in rows:
        yield Spell(*row[6:])
