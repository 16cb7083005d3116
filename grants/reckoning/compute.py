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
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from accounts.models import Project
from companies.models import Placement
from grants.models import Award, Entry, GrantScheme, Statement, StatementLine
from grants.reckoning.participation import Bound, bounds, said_of_project
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
from grants.rules.entitlement import ceiling, reckon, terms_on
from grants.rules.values import Event, EventKind, Reason, Spell, Terms, Unused, Window
from jobfirst.kit.limits import short

CHUNK = 5000
UNBOUND = Bound()


class NoTermsError(Exception):
    """No terms of the grant are in force on the cut-off."""


#: The cut-offs that can be asked for.
FIRST_DAY, LAST_DAY = datetime.date(2015, 1, 1), datetime.date(2199, 12, 31)


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
    found = frame(cut_off, projects)
    old = _old_lines(found.approved.before)
    spells = _spells_of(found.projects, cut_off, found.terms, everything=with_accounts)
    by_id = {project.pk: project for project in found.projects}
    reckoned = _reckoned(by_id, spells, cut_off, found.terms, found.bounds)
    return Draft(
        year=year,
        cut_off=cut_off,
        scheme=found.scheme,
        projects=tuple(
            _of_project(
                found.fields(project),
                reckoned.get(project.pk, []),
                old.get(project.pk, {}),
                with_accounts=with_accounts,
            )
            for project in found.projects
        ),
    )


#: A project's target count, and the day it holds from.
Awarded = tuple[int, datetime.date]


@dataclass(frozen=True, slots=True)
class Frame:
    """What bounds a draft before anything is reckoned: terms, target counts, and what was approved."""

    projects: list[Project]
    terms: list[Terms]
    scheme: GrantScheme
    awards: dict[int, Awarded]
    #: How far the days of a citizen count who left the trial, by course id.
    bounds: dict[int, Bound]
    approved: "History"

    def fields(self, project: Project) -> dict[str, Any]:
        """What a ProjectStatement says beside its events.

        The ceiling is reckoned by the terms that were in force when the award began (without one, when the
        project did): later rates change what later events pay, never what was promised in all.
        """
        target, since = self.awards.get(project.pk, (project.target_count, project.starts_on))
        promised = terms_on(self.terms, since) or self.terms[0]
        return {
            "project": project,
            "target": target,
            "ceiling": ceiling(promised, target),
            "paid_before": self.approved.paid.get(project.pk, ZERO),
            "before": self.approved.before.get(project.pk),
            "approved_until": self.approved.later.get(project.pk),
        }


def frame(cut_off: datetime.date, projects: Iterable[Project]) -> Frame:
    """The frame of a draft. Raises NoTermsError when no terms are in force on the cut-off."""
    schemes = list(GrantScheme.objects.order_by("valid_from"))
    terms = [scheme.terms() for scheme in schemes]
    in_force = terms_on(terms, cut_off)
    if in_force is None:
        raise NoTermsError(_("No terms of the grant are in force on %(day)s.") % {"day": short(cut_off)})
    found, awards, said = _awards(projects, cut_off)
    return Frame(
        projects=found,
        terms=terms,
        scheme=next(row for row in schemes if row.valid_from == in_force.valid_from),
        awards=awards,
        bounds=bounds(said),
        approved=_approved(found, cut_off),
    )


def _awards(
    projects: Iterable[Project], cut_off: datetime.date
) -> tuple[list[Project], dict[int, Awarded], list[dict[str, Any]]]:
    """The projects by slug, the awards in force on the day, and what was said of their allocations: all in
    one query."""
    award = Award.objects.on(cut_off).filter(project=OuterRef("pk"))
    given = projects if isinstance(projects, QuerySet) else list(projects)
    asked = given if isinstance(given, QuerySet) else Project.objects.filter(pk__in=[one.pk for one in given])
    rows = asked.annotate(
        awarded=Subquery(award.values("target_count")),
        awarded_from=Subquery(award.values("valid_from")),
        said=said_of_project(),
    )
    known = {item.pk: vars(item) for item in rows}
    found = sorted(rows if isinstance(given, QuerySet) else given, key=attrgetter("slug"))
    awards = {
        pk: (row["awarded"], row["awarded_from"]) for pk, row in known.items() if row["awarded"] is not None
    }
    return found, awards, [event for row in known.values() for event in row["said"]]


#: A citizen, what she has earned, her spells, and the companies' names by CVR number.
_Reckoned = tuple[Citizen, tuple[Event, ...], Account, dict[str, str]]
_Key = tuple[int, str]


def _of_project(
    fields: dict[str, Any],
    reckoned: list[_Reckoned],
    old: dict[_Key, StatementLine],
    *,
    with_accounts: bool,
) -> ProjectStatement:
    """One project's events held against the lines of its latest approved statement."""
    lines: list[Line] = []
    adjustments: list[Adjustment] = []
    before = fields["before"]
    left = dict(old)
    for who, events, _account, _names in reckoned:
        for event in events:
            was = left.pop((who.course_id, event.kind.value), None)
            if was is None:
                entry = Entry.NEW
            elif (was.on, was.amount) == (event.on, event.amount):
                entry = Entry.CARRIED
            else:
                entry = Entry.CHANGED
                adjustments.append(_adjustment(was, before, who, event))
            lines.append(Line(who, event, entry))
    adjustments += [_adjustment(was, before, _citizen_of(was), None) for was in left.values()]
    return ProjectStatement(
        **fields,
        lines=tuple(sorted(lines, key=_order)),
        adjustments=tuple(sorted(adjustments, key=lambda item: (item.was_on, item.citizen, item.kind))),
        accounts=tuple(account for _who, _events, account, _names in reckoned) if with_accounts else (),
        companies=dict(pair for *_rest, names in reckoned for pair in names.items()) if with_accounts else {},
    )


def _adjustment(was: StatementLine, before: Approved | None, who: Citizen, event: Event | None) -> Adjustment:
    assert before is not None
    return Adjustment(
        who=who,
        kind=EventKind(was.kind),
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
    return (line.event.on, line.citizen, line.event.kind is EventKind.COMPLETION)


@dataclass(frozen=True, slots=True)
class History:
    """What was approved, by project id, seen from a cut-off: the latest statement up to it, kroner paid in
    all, and the latest cut-off after it."""

    before: dict[int, Approved]
    paid: dict[int, Decimal]
    later: dict[int, datetime.date]


def _approved(projects: list[Project], cut_off: datetime.date) -> History:
    """Paid is paid, whatever the cut-off: a look back must not show it as payable once more."""
    found = History({}, {}, {})
    rows = Statement.objects.approved().filter(project__in=projects).order_by("cut_off")
    for project_id, paid, pk, day, earned in rows.values_list(
        "project_id", "paid", "pk", "cut_off", "earned_to_date"
    ):
        found.paid[project_id] = found.paid.get(project_id, ZERO) + paid
        if day <= cut_off:
            found.before[project_id] = Approved(found.paid[project_id], pk, day, earned)
        else:
            found.later[project_id] = day
    return found


def _old_lines(approved: dict[int, Approved]) -> dict[int, dict[_Key, StatementLine]]:
    """The events of the latest approved statements, by project id, course and kind."""
    if not approved:
        return {}
    latest = [item.statement_id for item in approved.values()]
    rows = StatementLine.objects.filter(statement_id__in=latest).exclude(entry=Entry.ADJUSTMENT)
    found: dict[int, dict[_Key, StatementLine]] = {}
    of_project = {item.statement_id: project_id for project_id, item in approved.items()}
    for line in rows.select_related("course__citizen"):
        found.setdefault(of_project[line.statement_id], {})[line.course_id, line.kind] = line
    return found


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
    "company__name",
    "course__ended_on",
    "withdrawn_at",
)


def _spells_of(
    projects: list[Project], cut_off: datetime.date, terms: list[Terms], *, everything: bool
) -> Iterator[tuple]:
    """The placements of the projects in order of course, withdrawn ones too; without `everything` only those
    that may count."""
    if everything:
        spells = Placement.everything.filter(course__project__in=projects)
    else:
        countable = frozenset().union(*(row.counting_kinds for row in terms))
        spells = Placement.objects.filter(
            course__project__in=projects, kind__in=countable, starts_on__lte=cut_off
        )
    return spells.order_by("course_id", "starts_on", "pk").values_list(*FIELDS).iterator(chunk_size=CHUNK)


def _reckoned(
    projects: dict[int, Project],
    rows: Iterator[tuple],
    cut_off: datetime.date,
    terms: list[Terms],
    bound: dict[int, Bound],
) -> dict[int, list[_Reckoned]]:
    """What every course has earned, by project id."""
    found: dict[int, list[_Reckoned]] = {}
    for _course, group in groupby(rows, key=itemgetter(0)):
        course = list(group)
        course_id, project_id, started_on, course_public_id, public_id, pseudonym, *_rest = course[0]
        project = projects[project_id]
        known = bound.get(course_id, UNBOUND)
        window = Window(
            started_on, project.starts_on, project.ends_on, cut_off, ends_on=known.ends_on, void=known.void
        )
        standing = [Spell(*row[6:-3]) for row in course if row[-1] is None]
        withdrawn = [Spell(*row[6:-3]) for row in course if row[-1] is not None]
        earned = reckon(standing, window, terms)
        who = Citizen(course_id, course_public_id, public_id, pseudonym)
        unused = tuple(Unused(spell.id, Reason.WITHDRAWN) for spell in withdrawn)
        account = Account(
            who,
            (*standing, *withdrawn),
            (*earned.unused, *unused),
            course_ended_on=course[0][-2],
            longest=earned.longest,
            left_on=known.ends_on,
        )
        names = {row[7]: row[-3] for row in course}
        found.setdefault(project_id, []).append((who, earned.events, account, names))
    return found
