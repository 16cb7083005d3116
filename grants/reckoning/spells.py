"""The placements of courses as the rules reckon with them, streamed course by course."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from cases.models import Course
from companies.models import Placement, Succession
from companies.rules.succession import CompanyLine
from grants.reckoning.participation import is_void, last_day_in_trial
from grants.reckoning.statement import StatementCitizen
from grants.rules.values import CountingWindow, Spell
from jobfirst.values.dates import LATEST, DateSpan

CHUNK = 5000


class PlacementRow(NamedTuple):
    """One placement with its course: each name is the lookup or annotation that fetches it."""

    course_id: int
    course__project_id: int
    course__project__starts_on: datetime.date
    course__project__ends_on: datetime.date
    course__started_on: datetime.date
    course__ended_on: datetime.date | None
    course__public_id: UUID
    course__citizen__public_id: UUID
    course__citizen__pseudonym: str
    pk: int
    company__cvr: str
    company__name: str
    kind: str
    starts_on: datetime.date
    planned_end_on: datetime.date | None
    ended_on: datetime.date | None
    workplace__p_number: str | None
    withdrawn_at: datetime.datetime | None
    left_on: datetime.date | None
    is_void: bool

    def spell(self, lines: Mapping[str, CompanyLine]) -> Spell:
        """Return the placement as the rules reckon with it; `lines` are those of companies taken over."""
        line = lines.get(self.company__cvr)
        return Spell(
            self.pk,
            self.company__cvr,
            self.kind,
            self.starts_on,
            self.planned_end_on,
            self.ended_on,
            self.workplace__p_number or "",
            line.take_overs if line else (),
        )


@dataclass(frozen=True, slots=True)
class CourseSpells:
    """The placements of one course, and the days that can count whatever the cut-off."""

    rows: tuple[PlacementRow, ...]
    window: CountingWindow
    #: The companies that were taken over, by CVR number.
    lines: Mapping[str, CompanyLine]

    @property
    def course(self) -> PlacementRow:
        """A row, for what all of them say of the course."""
        return self.rows[0]

    @property
    def citizen(self) -> StatementCitizen:
        """The citizen of the course."""
        row = self.course
        return StatementCitizen(
            row.course_id,
            row.course__public_id,
            row.course__citizen__public_id,
            row.course__citizen__pseudonym,
        )

    @property
    def standing(self) -> list[Spell]:
        """The spells that are not withdrawn."""
        return [row.spell(self.lines) for row in self.rows if row.withdrawn_at is None]

    @property
    def withdrawn(self) -> list[Spell]:
        """The spells withdrawn as entered in error: never reckoned."""
        return [row.spell(self.lines) for row in self.rows if row.withdrawn_at is not None]


def fetch_course_spells(courses: QuerySet[Course]) -> Iterator[CourseSpells]:
    """Yield the courses that have placements, in order of id: two queries. Withdrawn ones are included."""
    lines = Succession.objects.lines()
    placements = Placement.everything.filter(course__in=courses).annotate(
        left_on=last_day_in_trial("course__citizen"), is_void=is_void("course__citizen")
    )
    rows = placements.order_by("course_id", "starts_on", "pk").values_list(*PlacementRow._fields)
    stream = map(PlacementRow._make, rows.iterator(chunk_size=CHUNK))
    for _course_id, group in groupby(stream, key=attrgetter("course_id")):
        of_course = tuple(group)
        yield CourseSpells(of_course, _window(of_course[0]), lines)


def _window(row: PlacementRow) -> CountingWindow:
    return CountingWindow(
        row.course__started_on,
        DateSpan(row.course__project__starts_on, row.course__project__ends_on),
        LATEST,
        ends_on=row.left_on,
        void=row.is_void,
    )
