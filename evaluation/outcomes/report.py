"""The outcomes of the trial as of a period: effect, randomisation test and success criteria (D6).

Everyone is analysed as drawn. The page and the command `outcomes` show the same report.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from accounts.models import Project
from evaluation.models import OutcomeTerms
from evaluation.outcomes.arms import ArmOutcomes, outcomes_by_arm
from evaluation.outcomes.period import OutcomePeriod
from evaluation.outcomes.progressed import ProgressionOutcome, count_progressed
from evaluation.outcomes.stored_test import RandomisationResult, cached_test
from evaluation.outcomes.stratum_arms import TrialSums, outcomes_of, sums_by
from evaluation.rules.criteria import Verdict, judge_hours, judge_progression
from evaluation.rules.effects import Estimate, difference, ratio
from randomization.models import Arm


@dataclass(frozen=True)
class OutcomeReport:
    """The outcomes in a period; without a period (nothing delivered yet) all of it is empty.

    `courses_running` is how many of the participants are still within their course at the period's end.
    """

    period: OutcomePeriod | None
    terms: OutcomeTerms
    sums: TrialSums
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
    progression: ProgressionOutcome | None = None,
) -> OutcomeReport:
    """Return the outcomes in the period; three queries, one more when the randomisation test is reckoned.

    `projects` are those whose progression counts, unless `progression` is given. `on` is the last day whose
    answers count, and the day of the terms.
    """
    terms = OutcomeTerms.objects.of_day(on)
    sums = sums_by(terms, period)
    outcomes = outcomes_of(sums.arms)
    return OutcomeReport(
        period=period,
        terms=terms,
        sums=sums,
        arms=outcomes_by_arm(sums.arms),
        difference=difference(outcomes),
        ratio=ratio(outcomes),
        test=cached_test(period, sums, terms.redraws),
        progression=count_progressed(projects, on) if progression is None else progression,
        courses_running=sum(arm.running for arm in sums.arms if arm.arm == Arm.PARTICIPANT),
    )
