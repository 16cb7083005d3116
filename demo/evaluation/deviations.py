"""Deviations from the protocol in the demo (D59), chosen in a fixed order, without random numbers."""

import datetime
from collections.abc import Sequence
from itertools import islice

from accounts.models import User
from accounts.roles import Role
from demo.people.teams import Team
from evaluation.deviations.actions import record_deviation
from evaluation.models import DeviationKind
from jobfirst.values.dates import DAY
from randomization.models import Allocation

#: One in so many control citizens was given the course, and one in so many participants deviated otherwise.
ONE_IN = 12


def demo_deviations(teams: Sequence[Team], agency: User, on: datetime.date) -> None:
    """Let each project's leader record some deviations, and the agency one of the trial."""
    for team in teams:
        leader = team.staff[Role.PROJECT_LEADER][0]
        drawn = Allocation.objects.filter(project=team.project, allocated_on__lte=on - 21 * DAY)
        drawn = drawn.order_by("referral__public_id")
        for allocation in islice(drawn.controls(), 0, None, ONE_IN):
            record_deviation(
                allocation,
                kind=DeviationKind.CONTROL_GIVEN_COURSE,
                happened_on=allocation.allocated_on + 21 * DAY,
                reason="Fik en mentor og en snusepraktik, før fejlen blev opdaget.",
                by=leader,
            )
        for allocation in islice(drawn.participants(), 0, None, ONE_IN):
            record_deviation(
                allocation,
                kind=DeviationKind.OTHER,
                happened_on=allocation.allocated_on + 14 * DAY,
                reason="Deltog samtidig i et andet projekt med samme indsats.",
                by=leader,
            )
    first = Allocation.objects.filter(allocated_on__lte=on - 21 * DAY).order_by("referral__public_id").first()
    if first is not None:
        record_deviation(
            first,
            kind=DeviationKind.OTHER,
            happened_on=on - 7 * DAY,
            reason="Set ved STARs tilsyn: lodtrækningen var ikke noteret i journalen.",
            by=agency,
            as_agency=True,
        )
