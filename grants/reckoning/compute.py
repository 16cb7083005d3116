"""The draft of a year's statement (D30): what each project has earned up to the cut-off, and what is payable.

In at most four queries whatever the number of citizens:

1. Fetch the frame: terms, projects with awards and approved statements (two queries).
2. Fetch the lines of each project's latest approved statement.
3. Fetch the stored events that are settled by the cut-off (`grants.storage.stored_events` writes them).
4. Compare the events with the approved lines: an event is carried, new or changed; each difference is an
   adjustment.

A draft `with_spells` also explains them: the placements are reckoned by `grants.rules.entitlement`, for the
reason why each spell earned nothing and the run nearest to a completion (two more queries).
"""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from accounts.models import Project
from cases.models import Course
from grants.models import EarnedEvent, LineEntry, StatementLine
from grants.reckoning.explained_spells import ExplainedSpells, explain_spells
from grants.reckoning.frame import ProjectFields, fetch_frame
from grants.reckoning.statement import (
    ZERO,
    Adjustment,
    EventLine,
    LatestApproved,
    ProjectStatement,
    StatementCitizen,
    StatementView,
)
from grants.rules.values import GrantEvent, GrantEventKind
from grants.storage import serialization
from jobfirst.values.dates import LATEST, DateSpan

CHUNK = 5000

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
    events = _fetch_events(frame.projects, cut_off)
    spells: dict[int, ExplainedSpells] = {}
    if with_spells:
        courses = Course.objects.filter(project__in=frame.projects)
        spells = explain_spells(courses, cut_off, frame.dated_terms)
    return StatementView(
        year=year,
        cut_off=cut_off,
        terms=frame.terms,
        projects=tuple(
            _project_statement(
                frame.project_fields(project),
                events.get(project.pk, []),
                approved_lines.get(project.pk, {}),
                spells.get(project.pk, ExplainedSpells()),
            )
            for project in frame.projects
        ),
    )


class _EventKey(NamedTuple):
    """What identifies an event in a statement: each kind is earned once per citizen (D26)."""

    course_id: int
    kind: str


class _CitizenEvent(NamedTuple):
    """An event with the citizen who earned it."""

    citizen: StatementCitizen
    event: GrantEvent


def _project_statement(
    fields: ProjectFields,
    events: list[_CitizenEvent],
    approved_lines: dict[_EventKey, StatementLine],
    spells: ExplainedSpells,
) -> ProjectStatement:
    """Return one project's statement: its events compared with the lines of its latest approved one."""
    lines: list[EventLine] = []
    adjustments: list[Adjustment] = []
    latest_approved = fields["latest_approved"]
    no_longer_earned = dict(approved_lines)
    for citizen, event in events:
        line = no_longer_earned.pop(_EventKey(citizen.course_id, event.kind.value), None)
        if line is None:
            entry = LineEntry.NEW
        elif (line.on, line.amount) == (event.on, event.amount):
            entry = LineEntry.CARRIED
        else:
            entry = LineEntry.CHANGED
            adjustments.append(_adjustment(line, latest_approved, citizen, event))
        lines.append(EventLine(citizen, event, entry))
    adjustments += [
        _adjustment(line, latest_approved, _citizen_of(line), None) for line in no_longer_earned.values()
    ]
    return ProjectStatement(
        **fields,
        lines=tuple(sorted(lines, key=_line_order)),
        adjustments=tuple(sorted(adjustments, key=lambda item: (item.was_on, item.pseudonym, item.kind))),
        spells_by_citizen=tuple(spells.by_citizen),
        companies=spells.companies,
    )


def _adjustment(
    line: StatementLine,
    latest_approved: LatestApproved | None,
    citizen: StatementCitizen,
    event: GrantEvent | None,
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


class _EventFields(NamedTuple):
    """One stored event with its course: each name is the lookup that fetches it."""

    project_id: int
    course_id: int
    course__public_id: UUID
    course__citizen__public_id: UUID
    course__citizen__pseudonym: str
    kind: str
    earned_on: datetime.date
    amount: Decimal
    terms__valid_from: datetime.date
    basis: dict[str, Any]

    def citizen_event(self) -> _CitizenEvent:
        """Return the event as a statement has it."""
        citizen = StatementCitizen(
            self.course_id,
            self.course__public_id,
            self.course__citizen__public_id,
            self.course__citizen__pseudonym,
        )
        event = serialization.event(
            self.kind, self.earned_on, self.amount, self.terms__valid_from, self.basis
        )
        return _CitizenEvent(citizen, event)


def _fetch_events(projects: list[Project], cut_off: datetime.date) -> dict[int, list[_CitizenEvent]]:
    """Return the events settled by the cut-off, by project id."""
    rows = EarnedEvent.objects.settled_by(cut_off).filter(project__in=projects).order_by()
    by_project: dict[int, list[_CitizenEvent]] = {}
    for row in rows.values_list(*_EventFields._fields).iterator(chunk_size=CHUNK):
        fields = _EventFields._make(row)
        by_project.setdefault(fields.project_id, []).append(fields.citizen_event())
    return by_project
