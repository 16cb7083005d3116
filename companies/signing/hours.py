"""The placement's hours follow the work agreement in force (D37, D38)."""

from companies.actions.placements import change_hours
from companies.models import WorkAgreement


def let_hours_follow(agreement: WorkAgreement) -> None:
    """Let the placement have the hours of the version from the day on which it comes into force.

    Called when all have signed it, or while nothing is signed yet: until then the first version is all that
    is agreed (docs/decisions). Hours of other days stay as they are. Needs the course's lock.
    """
    placement = agreement.placement
    from_on = max(agreement.valid_from, placement.starts_on)
    if from_on in placement.span:
        change_hours(
            placement,
            from_on=from_on,
            internship_hours=agreement.internship_hours,
            ordinary_hours=agreement.ordinary_hours,
        )
