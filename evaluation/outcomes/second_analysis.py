"""The second analysis beside the first: what the recorded deviations change (D59).

- As drawn: everyone, as in the first analysis.
- As followed: the effect on those who follow the draw, by the draw as instrument. A participant has had the
  course unless recorded as never started, a control citizen if recorded as given the course.
- Per protocol: without the citizens of any deviation. Who deviates is no chance, so it is no comparison of
  like with like, and stands last.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

from evaluation.deviations.models import Deviation, DeviationKind
from evaluation.outcomes.citizen_months import CitizenMonths, citizen_months, outcomes_of
from evaluation.outcomes.period import OutcomePeriod
from evaluation.rules.compliance import ComplierEffect, TreatedOutcome, complier_effect
from evaluation.rules.effects import Estimate, difference
from evaluation.rules.rounding import at_least, at_most
from evaluation.rules.suppression import is_small
from randomization.models import Arm


@dataclass(frozen=True)
class ArmCompliance:
    """An arm in the analyses: how many have an outcome, had the course, and are left out per protocol.

    Participants are counted by who never started, controls by who was given the course: the few of each.
    """

    arm: Arm
    drawn: int
    analysed: int
    had_course: int
    left_out: int

    @property
    def is_participants(self) -> bool:
        """Whether it is the arm that is to have the course."""
        return self.arm is Arm.PARTICIPANT

    def rounded(self, limit: int) -> ArmCompliance:
        """Return at least how many have an outcome, and at most how many deviated."""
        analysed = at_least(self.analysed, self.drawn, limit)
        if self.is_participants:
            had_course = max(0, analysed - at_most(self.analysed - self.had_course, limit))
        else:
            had_course = at_most(self.had_course, limit)
        return replace(self, analysed=analysed, had_course=had_course, left_out=at_most(self.left_out, limit))


@dataclass(frozen=True)
class SecondAnalysis:
    """The three differences in paid hours per month, with the numbers that they rest on.

    Nothing of an effect is shown when an arm has too few citizens (`is_withheld`), and nothing per protocol
    when so few are left out that their hours could be subtracted (`few_left_out`).
    """

    period: OutcomePeriod
    arms: Sequence[ArmCompliance]
    as_drawn: Estimate | None
    as_followed: ComplierEffect | None
    per_protocol: Estimate | None
    is_withheld: bool
    few_left_out: bool

    @property
    def uptake_percent(self) -> float | None:
        """At least how many percentage points more of the participants had the course, by rounded numbers.

        Rounded, the participants' share is never above the true one, and the controls' never below it. It is
        rounded down to one decimal. None where that does not tell that it was more.
        """
        if self.as_followed is None or not all(arm.analysed for arm in self.arms):
            return None
        shares = {arm.arm: min(Fraction(1), Fraction(arm.had_course, arm.analysed)) for arm in self.arms}
        points = floor(1000 * (shares[Arm.PARTICIPANT] - shares[Arm.CONTROL])) / 10
        return points if points > 0 else None


def second_analysis(period: OutcomePeriod, *, on: datetime.date, limit: int) -> SecondAnalysis:
    """Return the analyses of the whole trial in the period; three queries. `limit`: of fewer citizens nothing
    is shown."""
    drawn = citizen_months(period)
    citizens = [citizen for citizen in drawn if citizen.hours is not None]
    kinds: dict[int, set[str]] = {}
    deviations = Deviation.objects.filter(happened_on__lte=on).order_by()
    for allocation, kind in deviations.values_list("allocation", "kind"):
        kinds.setdefault(allocation, set()).add(kind)
    arms = _arms(drawn, citizens, kinds)
    few = any(is_small(arm.analysed, limit) for arm in arms)
    few_left_out = any(is_small(arm.left_out, limit) for arm in arms if arm.left_out)
    following = [citizen for citizen in citizens if citizen.allocation_id not in kinds]
    return SecondAnalysis(
        period=period,
        arms=[arm.rounded(limit) for arm in arms],
        as_drawn=None if few else difference(outcomes_of(citizens)),
        as_followed=None if few else complier_effect(_treated(citizens, kinds)),
        per_protocol=None if few or few_left_out else difference(outcomes_of(following)),
        is_withheld=few,
        few_left_out=few_left_out,
    )


def had_course(arm: str, kinds: Collection[str]) -> bool:
    """Whether a citizen of the arm with deviations of these kinds had the course."""
    if arm == Arm.PARTICIPANT:
        return DeviationKind.NEVER_STARTED not in kinds
    return DeviationKind.CONTROL_GIVEN_COURSE in kinds


def _treated(citizens: Sequence[CitizenMonths], kinds: dict[int, set[str]]) -> list[TreatedOutcome]:
    return [
        TreatedOutcome(
            citizen.stratum,
            citizen.arm,
            had_course(citizen.arm, kinds.get(citizen.allocation_id, ())),
            citizen.hours or 0.0,
        )
        for citizen in citizens
    ]


def _arms(
    drawn: Sequence[CitizenMonths], citizens: Sequence[CitizenMonths], kinds: dict[int, set[str]]
) -> list[ArmCompliance]:
    in_arm = Counter(citizen.arm for citizen in drawn)
    analysed = Counter(citizen.arm for citizen in citizens)
    left_out = Counter(citizen.arm for citizen in citizens if citizen.allocation_id in kinds)
    treated = Counter(
        citizen.arm for citizen in citizens if had_course(citizen.arm, kinds.get(citizen.allocation_id, ()))
    )
    return [ArmCompliance(arm, in_arm[arm], analysed[arm], treated[arm], left_out[arm]) for arm in Arm]
