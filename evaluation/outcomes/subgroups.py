"""The effect in each target group, and how much the groups differ (interaction)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.models.citizen import TargetGroup
from evaluation.outcomes.arms import ArmOutcomes, outcomes_by_arm
from evaluation.outcomes.stratum_arms import StratumArm, outcomes_of
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


def subgroup_outcomes(arms: Sequence[StratumArm]) -> Subgroups:
    """Return the outcomes by target group. No stratum is in both, so their estimates are independent."""
    groups = [_group(arms, group) for group in TargetGroup]
    first, second = groups
    return Subgroups(
        groups,
        difference=difference_between(first.difference, second.difference),
        ratio=ratio_between(first.ratio, second.ratio),
    )


def _group(arms: Sequence[StratumArm], group: TargetGroup) -> GroupOutcomes:
    rows = [arm for arm in arms if arm.target_group == group]
    outcomes = outcomes_of(rows)
    return GroupOutcomes(group, outcomes_by_arm(rows), difference(outcomes), ratio(outcomes))
