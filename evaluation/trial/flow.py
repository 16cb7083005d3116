"""The flow of citizens through the trial, from assessed to analysed (CONSORT, D59): numbers only."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.db.models.functions import TruncMonth

from accounts.models import Project
from cases.models import Course, Referral
from cases.models.citizen import ReferralState
from cases.models.course import EndReason
from cases.presentation.reasons import WORDS
from cases.rules.eligibility import RefusalReason
from evaluation.deviations.models import Deviation, DeviationKind
from evaluation.models import PaidHours
from evaluation.trial.values import ArmFlow, ConsortFlow, LabelCount
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Allocation, AllocationEvent, Arm, EventKind


def count_flow(
    projects: Sequence[Project], allocations: Sequence[Allocation], on: datetime.date
) -> ConsortFlow:
    """Return the flow of the projects as of the day; `allocations` are theirs up to that day.

    Seven queries, however many citizens there are.
    """
    referrals = Referral.objects.filter(project__in=projects, referred_on__lte=on).order_by()
    refused = list(referrals.filter(state=ReferralState.REFUSED).values_list("reasons", flat=True))
    reasons = Counter(chain.from_iterable(refused))
    accepted = Counter(referrals.filter(state=ReferralState.ACCEPTED).values_list("project_id", flat=True))
    taken_back = referrals.filter(state=ReferralState.WITHDRAWN).count()
    waiting, lapsed = _not_drawn(projects, accepted, allocations, on)
    until = PaidHours.objects.filter(month__lte=on).aggregate(last=Max("month"))["last"]
    participants, controls = _arms(projects, allocations, on, until)
    return ConsortFlow(
        assessed=len(refused) + taken_back + accepted.total(),
        refused=len(refused),
        reasons=_counts(reasons, [(reason, WORDS[reason]) for reason in RefusalReason]),
        taken_back=taken_back,
        eligible=accepted.total(),
        waiting=waiting,
        lapsed=lapsed,
        participants=participants,
        controls=controls,
        outcomes_until=until,
    )


def _not_drawn(
    projects: Sequence[Project],
    accepted: Mapping[int, int],
    allocations: Iterable[Allocation],
    on: datetime.date,
) -> tuple[int, int]:
    """Return how many eligible citizens wait for the draw, and how many were not drawn in time."""
    drawn = Counter(row.project_id for row in allocations)
    last_days = last_days_of_draw(projects)
    waiting = lapsed = 0
    for project in projects:
        number = accepted.get(project.pk, 0) - drawn[project.pk]
        if on > last_days[project.pk]:
            lapsed += number
        else:
            waiting += number
    return waiting, lapsed


def _arms(
    projects: Sequence[Project],
    allocations: Sequence[Allocation],
    on: datetime.date,
    until: datetime.date | None,
) -> tuple[ArmFlow, ArmFlow]:
    """Return the flow of the participants and of the controls."""
    rows = Allocation.objects.filter(project__in=projects, allocated_on__lte=on)
    started, left = _courses(projects, on)
    drawn = Counter(row.arm for row in allocations)
    events = _by_arm_and_kind(AllocationEvent.objects.standing().filter(happened_on__lte=on), rows)
    deviations = _by_arm_and_kind(Deviation.objects.filter(happened_on__lte=on), rows)
    without = _without_outcome(rows, until)
    participants, controls = (
        ArmFlow(
            drawn=drawn[arm],
            started=started if arm == Arm.PARTICIPANT else 0,
            left=_counts(left, EndReason.choices) if arm == Arm.PARTICIPANT else (),
            events=_counts(events[arm], EventKind.choices),
            deviations=_counts(deviations[arm], DeviationKind.choices),
            without_outcome=None if until is None else without[arm],
        )
        for arm in (Arm.PARTICIPANT, Arm.CONTROL)
    )
    return participants, controls


def _courses(projects: Sequence[Project], on: datetime.date) -> tuple[int, Counter[str]]:
    """Return how many courses have begun an internship by the day, and how many have ended by reason."""
    started, left = 0, Counter[str]()
    courses = Course.objects.filter(project__in=projects, citizen__allocation__allocated_on__lte=on)
    for course in courses.values_list("internship_from", "ended_on", "end_reason", named=True):
        started += bool(course.internship_from and course.internship_from <= on)
        if course.ended_on and course.ended_on <= on:
            left[course.end_reason] += 1
    return started, left


def _by_arm_and_kind(events: QuerySet[Any], rows: QuerySet[Allocation]) -> dict[str, Counter[str]]:
    """Return how many of the events of the allocations there are, by arm and kind; one query."""
    pairs = events.filter(allocation__in=rows.order_by().values("pk")).order_by()
    by_arm: dict[str, Counter[str]] = {arm: Counter() for arm in Arm.values}
    for arm, kind in pairs.values_list("allocation__arm", "kind"):
        by_arm[arm][kind] += 1
    return by_arm


def _without_outcome(rows: QuerySet[Allocation], until: datetime.date | None) -> Counter[str]:
    """Return how many of each arm have no paid hours in the months after their draw."""
    if until is None:
        return Counter()
    return Counter(without_outcome(rows, until).order_by().values_list("arm", flat=True))


def without_outcome(rows: QuerySet[Allocation], until: datetime.date) -> QuerySet[Allocation]:
    """Return the allocations without paid hours of any month after that of their draw, up to that month."""
    hours = PaidHours.objects.filter(
        citizen=OuterRef("citizen"), month__gt=OuterRef("drawn_in"), month__lte=until
    )
    return rows.alias(drawn_in=TruncMonth("allocated_on")).filter(~Exists(hours))


def _counts(numbers: Mapping[Any, int], kinds: Iterable[tuple[Any, Any]]) -> tuple[LabelCount, ...]:
    """Return the kinds that occur, in their order, with words and numbers."""
    return tuple(LabelCount(label, numbers[kind]) for kind, label in kinds if numbers.get(kind))
