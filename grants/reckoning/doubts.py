"""The doubts about a statement's events, with the municipality's answers (D58).

Only events that no approved statement has yet are doubted: what was approved before was answered then. Two
queries, whatever the number of citizens, and none when there is nothing new.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject

from companies.models import (
    AttendanceWeek,
    Placement,
    PlacementKind,
    PlacementReport,
    ReportState,
    WorkAgreement,
)
from grants.models import DoubtAnswer, LineEntry
from grants.reckoning.statement import (
    AnsweredDoubt,
    AnswerGiven,
    EventLine,
    ProjectStatement,
    StatementCitizen,
    StatementView,
)
from grants.rules.doubts import AbsentWeek, DoubtedPlacement, WaitingReport, doubts_of
from grants.rules.values import GrantEvent
from jobfirst.values.dates import DAY

#: The kinds of absence in a week of attendance.
ABSENCES = ("ill", "agreed_absence", "other_absence", "no_show")
_day = datetime.date.fromisoformat


def _optional_day(text: str | None) -> datetime.date | None:
    return _day(text) if text else None


#: An answer is found by the placement, the sort of doubt and the facts that were answered.
AnswerKey = tuple[int, str, str]


ViewT = TypeVar("ViewT", bound=StatementView)


def with_doubts(view: ViewT, today: datetime.date) -> ViewT:
    """Return the statement with the doubts about its new and changed events, as things stand today."""
    lines = [line for item in view.projects for line in _doubted_lines(item)]
    placement_ids = {placement for line in lines for placement in line.event.spell_ids}
    if not placement_ids:
        return view
    facts = _fetch_facts(placement_ids)
    answers = _fetch_answers(placement_ids)
    as_of = min(today, view.cut_off + DAY)
    projects = tuple(
        replace(item, doubts=tuple(_project_doubts(item, facts, answers, as_of))) for item in view.projects
    )
    return replace(view, projects=projects)


def _project_doubts(
    statement: ProjectStatement,
    facts: dict[int, DoubtedPlacement],
    answers: dict[AnswerKey, AnswerGiven],
    as_of: datetime.date,
) -> Iterable[AnsweredDoubt]:
    events: dict[StatementCitizen, list[GrantEvent]] = defaultdict(list)
    company_of: dict[int, str] = {}
    for line in _doubted_lines(statement):
        events[line.citizen].append(line.event)
        company_of |= dict.fromkeys(line.event.spell_ids, line.event.company)
    for citizen, citizens_events in sorted(events.items(), key=lambda item: item[0].pseudonym):
        for doubt in doubts_of(citizens_events, facts, as_of):
            answer = answers.get((doubt.placement_id, doubt.about.kind.value, doubt.facts))
            yield AnsweredDoubt(citizen, doubt, company_of[doubt.placement_id], answer)


def _doubted_lines(statement: ProjectStatement) -> Iterable[EventLine]:
    """Return the lines of the events that no approved statement has as they are now."""
    return (line for line in statement.lines if line.entry is not LineEntry.CARRIED)


def _fetch_facts(placement_ids: Iterable[int]) -> dict[int, DoubtedPlacement]:
    """Return the facts of the placements by id."""
    agreements = WorkAgreement.objects.filter(placement=OuterRef("pk"))
    rows: Iterable[Any] = (  # with its annotations
        Placement.everything.filter(pk__in=placement_ids)
        .order_by()
        .annotate(
            agreed=Exists(agreements.current()),
            sealed=Exists(agreements.signed_by_all()),
            renewed=Exists(Placement.objects.filter(renews=OuterRef("pk"))),
            waiting=_waiting_reports(),
            absent_weeks=_absent_weeks(),
        )
    )
    return {
        row.pk: DoubtedPlacement(
            row.starts_on,
            row.planned_end_on,
            row.ended_on,
            needs_agreement=row.kind == PlacementKind.INTERNSHIP or row.agreed,
            is_signed=row.sealed,
            is_renewed=row.renewed,
            reports=tuple(
                WaitingReport(_optional_day(data["first_on"]), _day(data["last_on"])) for data in row.waiting
            ),
            weeks=tuple(
                AbsentWeek(
                    _day(data["monday"]),
                    data["present"],
                    sum(data[name] for name in ABSENCES),
                    data["no_show"],
                )
                for data in row.absent_weeks
            ),
        )
        for row in rows
    }


def _waiting_reports() -> ArraySubquery:
    """Return the reports of a placement that nobody has decided on, as JSON."""
    rows = PlacementReport.objects.filter(placement=OuterRef("pk"), state=ReportState.WAITING).order_by("pk")
    return ArraySubquery(rows.values(data=JSONObject(first_on="first_on", last_on="last_on")))


def _absent_weeks() -> ArraySubquery:
    """Return the weeks of a placement with days of absence, as JSON."""
    is_absent = Q()
    for name in ABSENCES:
        is_absent |= Q(**{f"{name}__gt": 0})
    rows = AttendanceWeek.objects.filter(is_absent, placement=OuterRef("pk")).order_by("monday")
    fields = {name: name for name in ("monday", "present", *ABSENCES)}
    return ArraySubquery(rows.values(data=JSONObject(**fields)))


def _fetch_answers(placement_ids: Iterable[int]) -> dict[AnswerKey, AnswerGiven]:
    """Return the latest answers to each set of facts."""
    rows = DoubtAnswer.objects.filter(placement__in=placement_ids)
    return {
        (row.placement_id, row.kind, row.facts): AnswerGiven(row.text, row.answered_name, row.answered_at)
        for row in rows
    }
