"""What difference in paid hours the trial can find: with those drawn so far, and with the minimum of each arm."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from accounts.models import Project
from evaluation.models import OutcomeTerms
from evaluation.outcomes.citizen_months import CitizenMonths, outcomes_of
from evaluation.rules.power import ArmSizes, Certainty, detectable_difference, deviation_within_strata
from randomization.models import Allocation, Arm


@dataclass(frozen=True)
class PowerRow:
    """What a project can find, in hours a month; without a project, the whole trial. `planned` is with the
    minimum in each arm."""

    project: Project | None
    participants: int
    controls: int
    detectable: float | None
    planned: float | None


@dataclass(frozen=True)
class PowerReport:
    """The power of the trial and of each project. `deviation` is the controls' own when it `is_observed`."""

    deviation: float
    is_observed: bool
    whole: PowerRow
    projects: Sequence[PowerRow]


def power_report(citizens: Sequence[CitizenMonths], terms: OutcomeTerms, minimum_per_arm: int) -> PowerReport:
    """Return what can be found with everybody drawn so far; two queries."""
    observed = deviation_within_strata(outcomes_of(citizens))
    deviation = float(terms.assumed_deviation) if observed is None else observed
    certainty = Certainty(terms.power_percent, terms.significance_percent)
    drawn = Counter(
        {
            (project, stratum, arm): number
            for project, stratum, arm, number in Allocation.objects.order_by()
            .values_list("project", "stratum", "arm")
            .annotate(number=Count("pk"))
        }
    )
    strata: dict[int, list[ArmSizes]] = defaultdict(list)
    for project_id, stratum in {(project_id, stratum) for project_id, stratum, _arm in drawn}:
        sizes = ArmSizes(drawn[project_id, stratum, Arm.PARTICIPANT], drawn[project_id, stratum, Arm.CONTROL])
        strata[project_id].append(sizes)
    projects = list(Project.objects.order_by("name"))
    minimum = ArmSizes(minimum_per_arm, minimum_per_arm)

    def row(project: Project | None, sizes: Sequence[ArmSizes], planned: Sequence[ArmSizes]) -> PowerRow:
        return PowerRow(
            project,
            participants=sum(stratum.participants for stratum in sizes),
            controls=sum(stratum.controls for stratum in sizes),
            detectable=detectable_difference(sizes, deviation, certainty),
            planned=detectable_difference(planned, deviation, certainty),
        )

    return PowerReport(
        deviation=deviation,
        is_observed=observed is not None,
        whole=row(
            None, [sizes for of_project in strata.values() for sizes in of_project], [minimum] * len(projects)
        ),
        projects=[row(project, strata[project.pk], [minimum]) for project in projects],
    )
