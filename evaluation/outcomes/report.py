"""The outcomes of the trial as of a period: effect, randomisation test and success criteria (D6).

Everyone is analysed as drawn. The page and the command `outcomes` show the same report.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import Project
from evaluation.models import OutcomeTerms
from evaluation.outcomes.arms import ArmOutcomes, arm_outcomes
from evaluation.outcomes.citizen_months import CitizenMonths, citizen_months, outcomes_of
from evaluation.outcomes.period import OutcomePeriod
from evaluation.outcomes.progressed import ProgressionOutcome, count_progressed
from evaluation.outcomes.stored_test import RandomisationResult, cached_test
from evaluation.rules.criteria import Verdict, judge_hours, judge_progression
from evaluation.rules.effects import Estimate, difference, ratio
from randomization.models import Allocation, Arm


@dataclass(frozen=True)
class OutcomeReport:
    """The outcomes in a period; without a period (nothing delivered yet) all of it is empty.

    `courses_running` is how many of the participants are still within their course at the period's end.
    """

    period: OutcomePeriod | None
    terms: OutcomeTerms
    citizens: Sequence[CitizenMonths]
    arms: Mapping[str, ArmOutcomes]
    difference: Estimate | None
    ratio: Estimate | None
    test: RandomisationResult
    progression: ProgressionOutcome
    courses_running: int

    @property
    def participants(self) -> ArmOutcomes:
        """The participants' outcomes."""
        return self.arms[Arm.PARTICIPANT]

    @property
    def controls(self) -> ArmOutcomes:
        """The controls' outcomes."""
        return self.arms[Arm.CONTROL]

    @property
    def wanted_hours(self) -> float | None:
        """The mean hours that the participants must have for the first criterion; None without controls."""
        mean = self.controls.mean_hours
        return None if mean is None else float(self.terms.hours_factor) * mean

    @property
    def twice_the_hours(self) -> Verdict:
        """Whether the participants have so many times the paid hours of the controls (D6: twice; a term)."""
        return judge_hours(
            self.participants.mean_hours,
            self.controls.mean_hours,
            factor=float(self.terms.hours_factor),
            courses_running=self.courses_running,
        )

    @property
    def three_quarters_progressed(self) -> Verdict:
        """Whether so many of the participants have progressed (D6: 75 %; a term)."""
        return judge_progression(
            self.progression.progressed,
            self.progression.compared,
            percent=self.terms.progressed_percent,
            courses_running=self.courses_running,
        )


def make_outcomes(
    period: OutcomePeriod | None,
    *,
    projects: Collection[Project],
    on: datetime.date,
    allocations: QuerySet[Allocation, Any] | None = None,
    progression: ProgressionOutcome | None = None,
) -> OutcomeReport:
    """Return the outcomes in the period, of everybody or of some allocations; four queries.

    `projects` are those whose progression counts, unless `progression` is given. `on` is the last day whose
    answers count, and the day of the terms.
    """
    terms = OutcomeTerms.objects.of_day(on)
    citizens = [] if period is None else citizen_months(period, allocations)
    outcomes = outcomes_of(citizens)
    return OutcomeReport(
        period=period,
        terms=terms,
        citizens=citizens,
        arms={arm: arm_outcomes(row for row in citizens if row.arm == arm) for arm in Arm.values},
        difference=difference(outcomes),
        ratio=ratio(outcomes),
        test=cached_test(citizens, terms.redraws),
        progression=count_progressed(projects, on) if progression is None else progression,
        courses_running=0 if period is None else count_running(citizens, period, terms.course_weeks),
    )


def count_running(citizens: Sequence[CitizenMonths], period: OutcomePeriod, course_weeks: int) -> int:
    """Return how many of the participants are still within their course when the period ends.

    A course is over when it has ended, when its project has (D3: by then all courses are finished), and when
    `course_weeks` have passed since the draw (a term; D12), whichever is first.
    """
    last_day = period.last_day
    drawn_after = last_day - datetime.timedelta(weeks=course_weeks)
    return sum(
        citizen.arm == Arm.PARTICIPANT and citizen.drawn_on > drawn_after and citizen.over_on > last_day
        for citizen in citizens
    )
