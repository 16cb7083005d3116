"""The effect in each target group, and how much the groups differ (interaction)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.models.citizen import TargetGroup
from evaluation.outcomes.arms import ArmOutcomes, arm_outcomes
from evaluation.outcomes.citizen_months import CitizenMonths, outcomes_of
from evaluation.rules.effects import Estimate, difference, difference_between, ratio, ratio_between
from randomization.models import Arm


@dataclass(frozen=True)
class GroupOutcomes:
    """A target group: both arms, difference and ratio."""

    group: TargetGroup
    arms: Mapping[str, ArmOutcomes]
    difference: Estimate | None
    ratio: Estimate | None

    @property
    def participants(self) -> ArmOutcomes:
        """The group's participants."""
        return self.arms[Arm.PARTICIPANT]

    @property
    def controls(self) -> ArmOutcomes:
        """The group's controls."""
        return self.arms[Arm.CONTROL]


@dataclass(frozen=True)
class Subgroups:
    """The target groups, and the effect in A less (difference) or divided by (ratio) that in B."""

    groups: Sequence[GroupOutcomes]
    difference: Estimate | None
    ratio: Estimate | None


def subgroup_outcomes(citizens: Sequence[CitizenMonths]) -> Subgroups:
    """Return the outcomes by target group. No stratum is in both, so their estimates are independent."""
    groups = [_group(citizens, group) for group in TargetGroup]
    first, second = groups
    return Subgroups(
        groups,
        difference=difference_between(first.difference, second.difference),
        ratio=ratio_between(first.ratio, second.ratio),
    )


def _group(citizens: Sequence[CitizenMonths], group: TargetGroup) -> GroupOutcomes:
    rows = [citizen for citizen in citizens if citizen.target_group == group]
    outcomes = outcomes_of(rows)
    return GroupOutcomes(
        group,
        {arm: arm_outcomes(row for row in rows if row.arm == arm) for arm in Arm.values},
        difference(outcomes),
        ratio(outcomes),
    )
