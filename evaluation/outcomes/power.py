"""What difference in paid hours the trial can find: with those drawn so far, and with the target count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Project
from evaluation.models import OutcomeTerms
from evaluation.outcomes.stratum_arms import StratumArm, outcomes_of
from evaluation.rules.power import ArmSizes, Certainty, detectable_difference, deviation_within_strata
from randomization.models import Arm


@dataclass(frozen=True)
class PowerRow:
    """What a project can find, in hours a month; without a project, the whole trial.

    `planned` is what it finds when the target count is drawn in each arm. None without a comparison.
    """

    project: Project | None
    participants: int
    controls: int
    detectable: float | None
    planned: float | None


@dataclass(frozen=True)
class PowerReport:
    """The power of the trial and of each project. The standard deviation is the controls' own in the period
    when it `is_observed`, otherwise the assumed one of the terms."""

    deviation: float
    is_observed: bool
    whole: PowerRow
    projects: Sequence[PowerRow]


def power_report(
    arms: Sequence[StratumArm], projects: Sequence[Project], terms: OutcomeTerms, *, is_withheld: bool = False
) -> PowerReport:
    """Return what can be found with everybody drawn so far; with `is_withheld` by the assumed deviation."""
    observed = None if is_withheld else deviation_within_strata(outcomes_of(arms))
    deviation = float(terms.assumed_deviation) if observed is None else observed
    certainty = Certainty(terms.power_percent, terms.significance_percent)
    strata = _strata(arms)

    def row(project: Project | None, drawn: Sequence[ArmSizes], planned: Sequence[ArmSizes]) -> PowerRow:
        return PowerRow(
            project,
            participants=sum(sizes.participants for sizes in drawn),
            controls=sum(sizes.controls for sizes in drawn),
            detectable=detectable_difference(drawn, deviation, certainty),
            planned=detectable_difference(planned, deviation, certainty),
        )

    targets = {project.pk: ArmSizes(project.target_count, project.target_count) for project in projects}
    everybody = [sizes for project in projects for sizes in strata[project.pk]]
    return PowerReport(
        deviation=deviation,
        is_observed=observed is not None,
        whole=row(None, everybody, list(targets.values())),
        projects=[row(project, strata[project.pk], [targets[project.pk]]) for project in projects],
    )


def _strata(arms: Sequence[StratumArm]) -> dict[int, list[ArmSizes]]:
    """Return how many are drawn in each stratum, by project."""
    drawn = Counter[tuple[int, str, str]]()
    for row in arms:
        drawn[row.project_id, row.stratum, row.arm] += row.in_ledger
    strata: dict[int, list[ArmSizes]] = defaultdict(list)
    for project, stratum in sorted({(row.project_id, row.stratum) for row in arms}):
        sizes = (drawn[project, stratum, arm] for arm in (Arm.PARTICIPANT, Arm.CONTROL))
        strata[project].append(ArmSizes(*sizes))
    return strata
