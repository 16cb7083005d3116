"""The figures of a project: enrolment against the trial's terms (D3) and courses by phase (D12)."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet

from accounts.models import Project, TrialTerms
from cases.models import Course, Referral
from cases.models.citizen import ReferralState
from cases.rules.phases import Phase
from jobfirst.dates import in_force_or_first
from randomization.draw.enrolment import last_day_by_terms
from randomization.models import Allocation, Arm


@dataclass(frozen=True)
class Enrolment:
    """How many are drawn, wait and were refused, against the minimum and the last day of the draw (D3)."""

    participants: int
    controls: int
    waiting: int
    refused: int
    wanted_per_arm: int
    target_count: int
    last_day: datetime.date
    days_left: int

    @property
    def participants_missing(self) -> int:
        return max(0, self.wanted_per_arm - self.participants)

    @property
    def controls_missing(self) -> int:
        return max(0, self.wanted_per_arm - self.controls)


def count_enrolment(project: Project, on: datetime.date) -> Enrolment:
    """Count the project's enrolment against the terms in force on that day."""
    trial_terms = list(TrialTerms.objects.all())
    terms = in_force_or_first(trial_terms, on)
    arms = _count_by(Allocation.objects.filter(referral__project=project, allocated_on__lte=on), "arm")
    states = _count_by(Referral.objects.filter(project=project), "state")
    last_day = last_day_by_terms(project, trial_terms)
    return Enrolment(
        participants=arms[Arm.PARTICIPANT],
        controls=arms[Arm.CONTROL],
        waiting=states[ReferralState.ACCEPTED] - arms.total(),
        refused=states[ReferralState.REFUSED],
        wanted_per_arm=terms.minimum_per_arm,
        target_count=project.target_count,
        last_day=last_day,
        days_left=max(0, (last_day - on).days),
    )


def _count_by(rows: QuerySet[Any, Any], field: str) -> Counter[str]:
    return Counter(dict(rows.order_by().values_list(field).annotate(Count("pk"))))


class PhaseCount(NamedTuple):
    """How many courses are in a phase."""

    phase: Phase
    courses: int


def count_courses_by_phase(project: Project, on: datetime.date) -> list[PhaseCount]:
    """Return how many of the project's courses are in each phase on that day, phases in their order."""
    counts = Course.objects.filter(project=project).count_by_phase(on)
    return [PhaseCount(phase, counts[phase]) for phase in Phase if phase is not Phase.NOT_STARTED]
