"""What difference in paid hours the trial can find: with those drawn so far, and with the target count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Project
from evaluation.models import OutcomeTerms
from evaluation.outcomes.citizen_months import CitizenMonths, outcomes_of
from evaluation.rules.power import ArmSizes, Certainty, detectable_difference, deviation_within_strata
from randomization.models import Allocation, Arm


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
    citizens: Sequence[CitizenMonths], projects: Sequence[Project], terms: OutcomeTerms
) -> PowerReport:
    """Return what can be found with everybody drawn so far; one query."""
    observed = deviation_within_strata(outcomes_of(citizens))
    deviation = float(terms.assumed_deviation) if observed is None else observed
    certainty = Certainty(terms.power_percent, terms.significance_percent)
    strata = _strata()

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


def _strata() -> dict[int, list[ArmSizes]]:
    """Return how many are drawn in each stratum, by project."""
    rows = (
        Allocation.objects.order_by()
        .values_list("project", "stratum")
        .annotate(
            participants=Count("pk", filter=Q(arm=Arm.PARTICIPANT)),
            controls=Count("pk", filter=Q(arm=Arm.CONTROL)),
        )
    )
    strata: dict[int, list[ArmSizes]] = defaultdict(list)
    for project, _stratum, participants, controls in rows:
        strata[project].append(ArmSizes(participants, controls))
    return strata
