"""The draft of a year's statement (D30): what each project has earned up to the cut-off, and what is left.

Reckoned afresh from the placements every time, in at most five queries whatever the number of citizens:
terms, projects with their awards and what was said of their allocations afterwards, the approved statements
with the lines of the latest, and one stream of spells in order of course. Against those lines every event is
as before, new or corrected, and every difference an adjustment.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple, TypedDict
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Project
from companies.models import Placement
from grants.models import Award, GrantTerms, LineEntry, Statement, StatementLine
from grants.reckoning.participation import Bound, EventOfCourse, allocation_events_of_project, bounds
from grants.reckoning.statement import (
    ZERO,
    Account,
    Adjustment,
    Approved,
    Citizen,
    Draft,
    Line,
    ProjectStatement,
)
from grants.rules.entitlement import ceiling, reckon
from grants.rules.values import (
    CountingWindow,
    EarnedEvent,
    EntitlementTerms,
    GrantEventKind,
    Spell,
    UnusedReason,
    UnusedSpell,
)
from jobfirst.dates import LATEST, DateSpan, in_force
from jobfirst.kit.limits import short

CHUNK = 5000
UNBOUND = Bound()


class NoTermsError(Exception):
    """No terms of the grant are in force on the cut-off."""


#: The cut-offs that can be asked for.
CUT_OFFS = DateSpan(datetime.date(2015, 1, 1), LATEST)


def default_cut_off(year: int) -> datetime.date:
    """A statement runs to the end of its year unless another day is given."""
    return datetime.date(year, 12, 31)


def compute(
    year: int,
    cut_off: datetime.date,
    projects: Iterable[Project],
    *,
    with_accounts: bool = False,
) -> Draft:
    """The draft for these projects. Raises NoTermsError when no terms are in force on the cut-off.

    `with_accounts` brings every spell along, those that gave nothing included, and the companies' names.
    """
    bounded = frame(cut_off, projects)
    approved_lines = _approved_lines(bounded.approved.before)
    spells = _spells_of(bounded.projects, cut_off, bounded.dated_terms, everything=with_accounts)
    courses = _reckoned_courses(bounded, spells, cut_off)
    return Draft(
        year=year,
        cut_off=cut_off,
        terms=bounded.terms,
        projects=tuple(
            _of_project(
                bounded.fields(project),
                courses.get(project.pk, []),
                approved_lines.get(project.pk, {}),
                with_accounts=with_accounts,
            )
            for project in bounded.projects
        ),
    )


class Awarded(NamedTuple):
    """A project's target count, and the day it holds from."""

    target_count: int
    valid_from: datetime.date


class ProjectFields(TypedDict):
    """What a ProjectStatement says beside its events."""

    project: Project
    target: int
    ceiling: Decimal
    paid_before: Decimal
    before: Approved | None
    approved_until: datetime.date | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What bounds a draft before anything is reckoned: terms, target counts, and what was approved."""

    projects: list[Project]
    #: The terms in force on the cut-off, and all of them as the rules reckon with them.
    terms: GrantTerms
    dated_terms: list[EntitlementTerms]
    awards: dict[int, Awarded]
    #: How far the days of a citizen count who left the trial, by course id.
    bounds: dict[int, Bound]
    approved: "History"

    def fields(self, project: Project) -> ProjectFields:
        """Return what a ProjectStatement says beside its events.

        The ceiling is reckoned by the terms that were in force when the award began (without one, when the
        project did): later rates change what later events pay, never what was promised in all.
        """
        award = self.awards.get(project.pk, Awarded(project.target_count, project.starts_on))
        promised = in_force(self.dated_terms, award.valid_from) or self.dated_terms[0]
        return {
            "project": project,
            "target": award.target_count,
            "ceiling": ceiling(promised, award.target_count),
            "paid_before": self.approved.paid.get(project.pk, ZERO),
            "before": self.approved.before.get(project.pk),
            "approved_until": self.approved.later.get(project.pk),
        }


def frame(cut_off: datetime.date, projects: Iterable[Project]) -> Frame:
    """The frame of a draft. Raises NoTermsError when no terms are in force on the cut-off."""
    all_terms = list(GrantTerms.objects.order_by("valid_from"))
    terms = in_force(all_terms, cut_off)
    if terms is None:
        raise NoTermsError(_("No terms of the grant are in force on %(day)s.") % {"day": short(cut_off)})
    awarded = _with_awards(projects, cut_off)
    return Frame(
        projects=awarded.projects,
        terms=terms,
        dated_terms=[row.as_values() for row in all_terms],
        awards=awarded.awards,
        bounds=bounds(awarded.allocation_events),
        approved=_approved(awarded.projects, cut_off),
    )


class _ProjectsWithAwards(NamedTuple):
    """Projects by slug, the awards in force by project id, and what was said of the projects' allocations."""

    projects: list[Project]
    awards: dict[int, Awarded]
    allocation_events: list[EventOfCourse]


def _with_awards(projects: Iterable[Project], cut_off: datetime.date) -> _ProjectsWithAwards:
    """Fetch the projects' awards in force on the day and their allocation events in one query."""
    award = Award.objects.begun(cut_off).filter(project=OuterRef("pk"))
    given = projects if isinstance(projects, QuerySet) else list(projects)
    if isinstance(given, QuerySet):
        wanted = given
    else:
        wanted = Project.objects.filter(pk__in=[project.pk for project in given])
    rows = wanted.annotate(
        awarded=Subquery(award.values("target_count")[:1]),
        awarded_from=Subquery(award.values("valid_from")[:1]),
        allocation_events=allocation_events_of_project(),
    )
    known = {row.pk: row for row in rows}
    return _ProjectsWithAwards(
        projects=sorted(rows if isinstance(given, QuerySet) else given, key=attrgetter("slug")),
        awards={
            pk: Awarded(row.awarded, row.awarded_from) for pk, row in known.items() if row.awarded is not None
        },
        allocation_events=[event for row in known.values() for event in row.allocation_events],
    )


@dataclass(frozen=True, slots=True)
class _ReckonedCourse:
    """A citizen, what she has earned, her spells, and the companies' names by CVR number."""

    who: Citizen
    events: tuple[EarnedEvent, ...]
    account: Account
    companies: dict[str, str]


class _EventKey(NamedTuple):
    """What identifies an event in a statement: each kind is earned once per citizen (D26)."""

    course_id: int
    kind: str


def _of_project(
    fields: ProjectFields,
    courses: list[_ReckonedCourse],
    approved_lines: dict[_EventKey, StatementLine],
    *,
    with_accounts: bool,
) -> ProjectStatement:
    """Hold one project's events against the lines of its latest approved statement."""
    lines: list[Line] = []
    adjustments: list[Adjustment] = []
    before = fields["before"]
    no_longer_earned = dict(approved_lines)
    for course in courses:
        for event in course.events:
            was = no_longer_earned.pop(_EventKey(course.who.course_id, event.kind.value), None)
            if was is None:
                entry = LineEntry.NEW
            elif (was.on, was.amount) == (event.on, event.amount):
                entry = LineEntry.CARRIED
            else:
                entry = LineEntry.CHANGED
                adjustments.append(_adjustment(was, before, course.who, event))
            lines.append(Line(course.who, event, entry))
    adjustments += [_adjustment(was, before, _citizen_of(was), None) for was in no_longer_earned.values()]
    companies = {cvr: name for course in courses for cvr, name in course.companies.items()}
    return ProjectStatement(
        **fields,
        lines=tuple(sorted(lines, key=_order)),
        adjustments=tuple(sorted(adjustments, key=lambda item: (item.was_on, item.citizen, item.kind))),
        accounts=tuple(course.account for course in courses) if with_accounts else (),
        companies=companies if with_accounts else {},
    )


def _adjustment(
    was: StatementLine, before: Approved | None, who: Citizen, event: EarnedEvent | None
) -> Adjustment:
    assert before is not None
    return Adjustment(
        who=who,
        kind=GrantEventKind(was.kind),
        line_id=was.pk,
        approved_cut_off=before.cut_off,
        was_on=was.on,
        was=was.amount,
        on=event.on if event else None,
        now=event.amount if event else ZERO,
    )


def _citizen_of(line: StatementLine) -> Citizen:
    course = line.course
    return Citizen(course.pk, course.public_id, course.citizen.public_id, line.citizen)


def _order(line: Line) -> tuple[datetime.date, str, bool]:
    return (line.event.on, line.citizen, line.event.kind is GrantEventKind.COMPLETION)


@dataclass(frozen=True, slots=True)
class History:
    """What was approved, by project id, seen from a cut-off: the latest statement up to it, kroner paid in
    all, and the latest cut-off after it."""

    before: dict[int, Approved]
    paid: dict[int, Decimal]
    later: dict[int, datetime.date]


def _approved(projects: list[Project], cut_off: datetime.date) -> History:
    """Paid is paid, whatever the cut-off: a look back must not show it as payable once more."""
    history = History({}, {}, {})
    statements = Statement.objects.approved().filter(project__in=projects).order_by("cut_off")
    for row in statements.values_list("project_id", "paid", "pk", "cut_off", "earned_to_date", named=True):
        paid = history.paid[row.project_id] = history.paid.get(row.project_id, ZERO) + row.paid
        if row.cut_off <= cut_off:
            history.before[row.project_id] = Approved(paid, row.pk, row.cut_off, row.earned_to_date)
        else:
            history.later[row.project_id] = row.cut_off
    return history


def _approved_lines(approved: dict[int, Approved]) -> dict[int, dict[_EventKey, StatementLine]]:
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


class _SpellRow(NamedTuple):
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


def _spells_of(
    projects: list[Project], cut_off: datetime.date, terms: list[EntitlementTerms], *, everything: bool
) -> Iterator[_SpellRow]:
    """Fetch the placements of the projects in order of course, withdrawn ones too; without `everything` only
    those that may count."""
    if everything:
        spells = Placement.everything.filter(course__project__in=projects)
    else:
        countable = frozenset().union(*(row.counting_kinds for row in terms))
        spells = Placement.objects.filter(
            course__project__in=projects, kind__in=countable, starts_on__lte=cut_off
        )
    rows = spells.order_by("course_id", "starts_on", "pk").values_list(*_SpellRow._fields)
    return map(_SpellRow._make, rows.iterator(chunk_size=CHUNK))


def _reckoned_courses(
    bounded: Frame, rows: Iterator[_SpellRow], cut_off: datetime.date
) -> dict[int, list[_ReckonedCourse]]:
    """Reckon what every course has earned, by project id."""
    projects = {project.pk: project for project in bounded.projects}
    courses: dict[int, list[_ReckonedCourse]] = {}
    for course_id, group in groupby(rows, key=attrgetter("course_id")):
        spells = list(group)
        project = projects[spells[0].course__project_id]
        bound = bounded.bounds.get(course_id, UNBOUND)
        window = CountingWindow(
            spells[0].course__started_on,
            DateSpan(project.starts_on, project.ends_on),
            cut_off,
            ends_on=bound.ends_on,
            void=bound.void,
        )
        courses.setdefault(project.pk, []).append(_reckoned_course(spells, window, bounded.dated_terms))
    return courses


def _reckoned_course(
    rows: list[_SpellRow], window: CountingWindow, terms: list[EntitlementTerms]
) -> _ReckonedCourse:
    """Reckon one course from its placements; withdrawn ones are named and give nothing."""
    standing = [row.spell() for row in rows if row.withdrawn_at is None]
    withdrawn = [row.spell() for row in rows if row.withdrawn_at is not None]
    earned = reckon(standing, window, terms)
    course = rows[0]
    who = Citizen(
        course.course_id,
        course.course__public_id,
        course.course__citizen__public_id,
        course.course__citizen__pseudonym,
    )
    account = Account(
        who,
        (*standing, *withdrawn),
        (*earned.unused, *(UnusedSpell(spell.id, UnusedReason.WITHDRAWN) for spell in withdrawn)),
        course_ended_on=course.course__ended_on,
        longest=earned.longest,
        left_on=window.ends_on,
    )
    companies = {row.company__cvr: row.company__name for row in rows}
    return _ReckonedCourse(who, earned.events, account, companies)
