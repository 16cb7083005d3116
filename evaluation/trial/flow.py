"""The flow of citizens through the trial, from assessed to analysed (CONSORT, D59): numbers only."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Count, Value

from accounts.models import Project
from cases.models import Referral
from cases.models.citizen import ReferralState
from cases.models.course import EndReason
from cases.presentation.reasons import WORDS
from cases.rules.eligibility import RefusalReason
from evaluation.deviations.models import Deviation, DeviationKind
from evaluation.trial.drawn import DrawnRow
from evaluation.trial.values import ArmFlow, ConsortFlow, EnrolmentRow, LabelCount
from randomization.models import AllocationEvent, Arm, EventKind


class ReferralCounts(NamedTuple):
    """The referrals up to a day: accepted by project, refused and for which reasons, taken back."""

    accepted: Counter[int]
    refused: int
    reasons: Counter[str]
    taken_back: int


def count_referrals(projects: Sequence[Project], on: datetime.date) -> ReferralCounts:
    """Return how many referrals of the projects there are up to the day; one query."""
    referrals = Referral.objects.filter(project__in=projects, referred_on__lte=on).order_by()
    counts = ReferralCounts(Counter(), 0, Counter(), 0)
    groups = referrals.values_list("project_id", "state", "reasons").annotate(Count("pk"))
    for project, state, reasons, number in groups:
        if state == ReferralState.ACCEPTED:
            counts.accepted[project] += number
        elif state == ReferralState.WITHDRAWN:
            counts = counts._replace(taken_back=counts.taken_back + number)
        else:
            counts = counts._replace(refused=counts.refused + number)
            counts.reasons.update(dict.fromkeys(reasons, number))
    return counts


def count_flow(
    projects: Sequence[Project],
    allocations: Sequence[DrawnRow],
    on: datetime.date,
    rows: Iterable[EnrolmentRow],
    referrals: ReferralCounts,
) -> ConsortFlow:
    """Return the flow of the projects as of the day, in one query; `allocations` are theirs up to that day,
    `rows` their enrolment."""
    waiting, lapsed = waiting_and_lapsed(rows, on)
    participants, controls = _arms(projects, allocations, on)
    return ConsortFlow(
        assessed=referrals.refused + referrals.taken_back + referrals.accepted.total(),
        refused=referrals.refused,
        reasons=_counts(referrals.reasons, [(reason, WORDS[reason]) for reason in RefusalReason]),
        taken_back=referrals.taken_back,
        eligible=referrals.accepted.total(),
        waiting=sum(waiting),
        lapsed=sum(lapsed),
        participants=participants,
        controls=controls,
        outcomes_until=max((row.hours_until for row in allocations if row.hours_until), default=None),
    )


def waiting_and_lapsed(rows: Iterable[EnrolmentRow], on: datetime.date) -> tuple[list[int], list[int]]:
    """Return by project how many wait for the draw, and how many were not drawn by its last day."""
    waiting: list[int] = []
    lapsed: list[int] = []
    for row in rows:
        (lapsed if on > row.last_day else waiting).append(row.waiting)
    return waiting, lapsed


def _arms(
    projects: Sequence[Project], allocations: Sequence[DrawnRow], on: datetime.date
) -> tuple[ArmFlow, ArmFlow]:
    """Return the flow of the participants and of the controls; one query."""
    started, left = _courses(allocations, on)
    drawn = Counter(row.arm for row in allocations)
    without_outcome = Counter(row.arm for row in allocations if not row.has_outcome)
    has_hours = any(row.hours_until for row in allocations)
    events, deviations = _events_and_deviations(projects, on)
    participants, controls = (
        ArmFlow(
            drawn=drawn[arm],
            started=started if arm == Arm.PARTICIPANT else 0,
            left=_counts(left, EndReason.choices) if arm == Arm.PARTICIPANT else (),
            events=_counts(events[arm], EventKind.choices),
            deviations=_counts(deviations[arm], DeviationKind.choices),
            without_outcome=without_outcome[arm] if has_hours else None,
        )
        for arm in (Arm.PARTICIPANT, Arm.CONTROL)
    )
    return participants, controls


def _courses(allocations: Iterable[DrawnRow], on: datetime.date) -> tuple[int, Counter[str]]:
    """Return how many courses have begun an internship by the day, and how many have ended by reason."""
    started, left = 0, Counter[str]()
    for row in allocations:
        started += bool(row.internship_from and row.internship_from <= on)
        if row.ended_on and row.ended_on <= on:
            left[row.end_reason or ""] += 1
    return started, left


def _events_and_deviations(
    projects: Sequence[Project], on: datetime.date
) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]]]:
    """Return how many events of the allocations there are, and how many deviations, by arm and kind; one
    query."""
    drawn = {"happened_on__lte": on, "allocation__project__in": projects, "allocation__allocated_on__lte": on}
    columns = ("allocation__arm", "kind", "is_event")
    events, deviations = (
        rows.filter(**drawn).order_by().values(is_event=Value(is_event)).values_list(*columns)
        for rows, is_event in (
            (AllocationEvent.objects.standing(), True),
            (Deviation.objects.all(), False),
        )
    )
    counters: list[dict[str, Counter[str]]] = [{arm: Counter() for arm in Arm.values} for _kind in range(2)]
    for arm, kind, is_event in events.union(deviations, all=True):
        counters[0 if is_event else 1][arm][kind] += 1
    return counters[0], counters[1]


def _counts(numbers: Mapping[Any, int], kinds: Iterable[tuple[Any, Any]]) -> tuple[LabelCount, ...]:
    """Return the kinds that occur, in their order, with words and numbers."""
    return tuple(LabelCount(label, numbers[kind]) for kind, label in kinds if numbers.get(kind))
