"""The draft of a year's statement (D30): what each project has earned up to the cut-off, and what is payable.

Reckoned from the placements every time, in at most five queries whatever the number of citizens:

1. Fetch the frame: terms, projects with awards and allocation events, approved statements (three queries).
2. Fetch the lines of each project's latest approved statement.
3. Stream the placements in order of course, and reckon each course by `grants.rules.entitlement`.
4. Compare the events with the approved lines: an event is carried, new or changed; each difference is an
   adjustment.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from accounts.models import Project
from companies.models import Placement
from grants.models import LineEntry, StatementLine
from grants.reckoning.frame import ProjectFields, StatementFrame, fetch_frame
from grants.reckoning.participation import ParticipationBound
from grants.reckoning.statement import (
    ZERO,
    Adjustment,
    CitizenSpells,
    EventLine,
    LatestApproved,
    ProjectStatement,
    StatementCitizen,
    StatementView,
)
from grants.rules.entitlement import reckon
from grants.rules.values import (
    CountingWindow,
    EarnedEvent,
    EntitlementTerms,
    GrantEventKind,
    Spell,
    UnusedReason,
    UnusedSpell,
)
from jobfirst.dates import LATEST, DateSpan

CHUNK = 5000
UNBOUND = ParticipationBound()


#: The cut-offs of which a draft may be reckoned.
CUT_OFFS = DateSpan(datetime.date(2015, 1, 1), LATEST)


def default_cut_off(year: int) -> datetime.date:
    """Return the cut-off of a statement unless another is given: the last day of its year."""
    return datetime.date(year, 12, 31)


def compute(
    year: int,
    cut_off: datetime.date,
    projects: Iterable[Project],
    *,
    with_spells: bool = False,
) -> StatementView:
    """Return the draft of these projects. Raises NoTermsError when no terms are in force on the cut-off.

    `with_spells` includes every spell, also those that earned nothing, and the companies' names.
    """
    frame = fetch_frame(cut_off, projects)
    approved_lines = _fetch_approved_lines(frame.approved.latest)
    placements = _fetch_placements(frame.projects, cut_off, frame.dated_terms, include_uncounted=with_spells)
    courses = _reckon_courses(frame, placements, cut_off)
    return StatementView(
        year=year,
        cut_off=cut_off,
        terms=frame.terms,
        projects=tuple(
            _project_statement(
                frame.project_fields(project),
                courses.get(project.pk, []),
                approved_lines.get(project.pk, {}),
                with_spells=with_spells,
            )
            for project in frame.projects
        ),
    )


@dataclass(frozen=True, slots=True)
class _ReckonedCourse:
    """What one course has earned; `companies` are the names by CVR number."""

    citizen: StatementCitizen
    events: tuple[EarnedEvent, ...]
    citizen_spells: CitizenSpells
    companies: dict[str, str]


class _EventKey(NamedTuple):
    """What identifies an event in a statement: each kind is earned once per citizen (D26)."""

    course_id: int
    kind: str


def _project_statement(
    fields: ProjectFields,
    courses: list[_ReckonedCourse],
    approved_lines: dict[_EventKey, StatementLine],
    *,
    with_spells: bool,
) -> ProjectStatement:
    """Return one project's statement: its events compared with the lines of its latest approved one."""
    lines: list[EventLine] = []
    adjustments: list[Adjustment] = []
    latest_approved = fields["latest_approved"]
    no_longer_earned = dict(approved_lines)
    for course in courses:
        for event in course.events:
            line = no_longer_earned.pop(_EventKey(course.citizen.course_id, event.kind.value), None)
            if line is None:
                entry = LineEntry.NEW
            elif (line.on, line.amount) == (event.on, event.amount):
                entry = LineEntry.CARRIED
            else:
                entry = LineEntry.CHANGED
                adjustments.append(_adjustment(line, latest_approved, course.citizen, event))
            lines.append(EventLine(course.citizen, event, entry))
    adjustments += [
        _adjustment(line, latest_approved, _citizen_of(line), None) for line in no_longer_earned.values()
    ]
    companies = {cvr: name for course in courses for cvr, name in course.companies.items()}
    return ProjectStatement(
        **fields,
        lines=tuple(sorted(lines, key=_line_order)),
        adjustments=tuple(sorted(adjustments, key=lambda item: (item.was_on, item.pseudonym, item.kind))),
        spells_by_citizen=tuple(course.citizen_spells for course in courses) if with_spells else (),
        companies=companies if with_spells else {},
    )


def _adjustment(
    line: StatementLine,
    latest_approved: LatestApproved | None,
    citizen: StatementCitizen,
    event: EarnedEvent | None,
) -> Adjustment:
    """Return the adjustment of an approved line to the event as reckoned now; None: no longer earned."""
    assert latest_approved is not None
    return Adjustment(
        citizen=citizen,
        kind=GrantEventKind(line.kind),
        line_id=line.pk,
        approved_cut_off=latest_approved.cut_off,
        was_on=line.on,
        was=line.amount,
        on=event.on if event else None,
        now=event.amount if event else ZERO,
    )


def _citizen_of(line: StatementLine) -> StatementCitizen:
    course = line.course
    return StatementCitizen(course.pk, course.public_id, course.citizen.public_id, line.citizen)


def _line_order(line: EventLine) -> tuple[datetime.date, str, bool]:
    return (line.event.on, line.pseudonym, line.event.kind is GrantEventKind.COMPLETION)


def _fetch_approved_lines(approved: dict[int, LatestApproved]) -> dict[int, dict[_EventKey, StatementLine]]:
    """Return the events of the latest approved statements, by project id, course and kind."""
    if not approved:
        return {}
    latest = [item.statement_id for item in approved.values()]
    rows = StatementLine.objects.filter(statement_id__in=latest).exclude(entry=LineEntry.ADJUSTMENT)
    by_project: dict[int, dict[_EventKey, StatementLine]] = {}
    project_of = {item.statement_id: project_id for project_id, item in approved.items()}
    for line in rows.select_related("course__citizen"):
        lines = by_project.setdefault(project_of[line.statement_id], {})
        lines[_EventKey(line.course_id, line.kind)] = line
    return by_project


class _PlacementRow(NamedTuple):
    """One placement with its course: each name is the lookup that fetches it."""

    course_id: int
    course__project_id: int
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
    withdrawn_at: datetime.datetime | None

    def spell(self) -> Spell:
        """Return the placement as the rules reckon with it."""
        return Spell(
            self.pk, self.company__cvr, self.kind, self.starts_on, self.planned_end_on, self.ended_on
        )


def _fetch_placements(
    projects: list[Project], cut_off: datetime.date, terms: list[EntitlementTerms], *, include_uncounted: bool
) -> Iterator[_PlacementRow]:
    """Stream the placements of the projects in order of course.

    `include_uncounted` includes withdrawn ones, kinds that do not count, and those after the cut-off.
    """
    if include_uncounted:
        spells = Placement.everything.filter(course__project__in=projects)
    else:
        countable = frozenset().union(*(row.counting_kinds for row in terms))
        spells = Placement.objects.filter(
            course__project__in=projects, kind__in=countable, starts_on__lte=cut_off
        )
    rows = spells.order_by("course_id", "starts_on", "pk").values_list(*_PlacementRow._fields)
    return map(_PlacementRow._make, rows.iterator(chunk_size=CHUNK))


def _reckon_courses(
    frame: StatementFrame, rows: Iterator[_PlacementRow], cut_off: datetime.date
) -> dict[int, list[_ReckonedCourse]]:
    """Return what every course has earned, by project id."""
    projects = {project.pk: project for project in frame.projects}
    courses: dict[int, list[_ReckonedCourse]] = {}
    for course_id, group in groupby(rows, key=attrgetter("course_id")):
        spells = list(group)
        project = projects[spells[0].course__project_id]
        bound = frame.bounds_by_course.get(course_id, UNBOUND)
        window = CountingWindow(
            spells[0].course__started_on,
            DateSpan(project.starts_on, project.ends_on),
            cut_off,
            ends_on=bound.ends_on,
            void=bound.void,
        )
        courses.setdefault(project.pk, []).append(_reckon_course(spells, window, frame.dated_terms))
    return courses


def _reckon_course(
    rows: list[_PlacementRow], window: CountingWindow, terms: list[EntitlementTerms]
) -> _ReckonedCourse:
    """Return what one course has earned; withdrawn placements are listed as unused."""
    standing_spells = [row.spell() for row in rows if row.withdrawn_at is None]
    withdrawn_spells = [row.spell() for row in rows if row.withdrawn_at is not None]
    entitlement = reckon(standing_spells, window, terms)
    course = rows[0]
    citizen = StatementCitizen(
        course.course_id,
        course.course__public_id,
        course.course__citizen__public_id,
        course.course__citizen__pseudonym,
    )
    citizen_spells = CitizenSpells(
        citizen,
        (*standing_spells, *withdrawn_spells),
        (*entitlement.unused, *(UnusedSpell(spell.id, UnusedReason.WITHDRAWN) for spell in withdrawn_spells)),
        course_ended_on=course.course__ended_on,
        longest=entitlement.longest,
        left_on=window.ends_on,
    )
    companies = {row.company__cvr: row.company__name for row in rows}
    return _ReckonedCourse(citizen, entitlement.events, citizen_spells, companies)
