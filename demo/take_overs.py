"""A company of the demo that another one took over while citizens were there."""

import datetime

from accounts.models import User
from accounts.roles import Role
from companies.actions.successions import record_succession
from companies.models import Company, Placement, PlacementKind
from demo.names import company_name
from jobfirst.dates import DAY


def add_take_over(cvr: str, serial: int, on: datetime.date) -> None:
    """Let a new company take over that of the first internship that runs, ten days after it began.

    Uses no random numbers. Where no internship runs, nobody is taken over.
    """
    internships = Placement.objects.running(on).filter(kind=PlacementKind.INTERNSHIP)
    internship = internships.filter(starts_on__lt=on - 10 * DAY).order_by("pk").first()
    agency = User.objects.filter(memberships__role=Role.AGENCY).order_by("pk").first()
    if internship is None or agency is None:
        return
    record_succession(
        internship.company,
        Company.objects.create(cvr=cvr, name=company_name(serial)),
        from_on=internship.starts_on + 10 * DAY,
        all_workplaces=True,
        reason="Fusion ifølge CVR",
        by=agency,
    )
