"""The figures of a project: enrolment against the trial's terms (D3) and courses by phase (D12)."""

import datetime
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from accounts.models import Project, TrialTerms
from cases.models import Course, Referral
from cases.models.citizen import ReferralState
from cases.rules.phases import Phase, Transitions, phase_on
from randomization.draw.enrolment import last_day_of_draw
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
    terms = TrialTerms.objects.in_force_or_first(on)
    arms = Counter(
        Allocation.objects.filter(referral__project=project, allocated_on__lte=on).values_list(
            "arm", flat=True
        )
    )
    states = Counter(Referral.objects.filter(project=project).order_by().values_list("state", flat=True))
    last_day = last_day_of_draw(project)
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


class PhaseCount(NamedTuple):
    """How many courses are in a phase."""

    phase: Phase
    courses: int


def count_courses_by_phase(project: Project, on: datetime.date) -> list[PhaseCount]:
    """Return how many of the project's courses are in each phase on that day, phases in their order."""
    courses = Course.objects.filter(project=project).values(
        "started_on", "internship_from", "continued_from", "ended_on"
    )
    counts = Counter(phase_on(Transitions(**course), on) for course in courses.order_by())
    return [PhaseCount(phase, counts[phase]) for phase in Phase if phase is not Phase.NOT_STARTED]
