"""A company of the demo that another one took over while citizens were there, and two registered twice."""

import datetime

from accounts.models import User
from accounts.roles import Role
from companies.actions.successions import record_succession
from companies.merging.actions import merge_companies
from companies.merging.workplaces import merge_workplaces
from companies.models import Company, Placement, PlacementKind, Workplace
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


def add_duplicates(cvr: str) -> None:
    """Put a company that was registered under a mistyped number, and a workplace typed twice, together.

    Uses no random numbers.
    """
    agency = User.objects.filter(memberships__role=Role.AGENCY).order_by("pk").first()
    workplace = Workplace.objects.exclude(name="").select_related("company").order_by("pk").first()
    if workplace is None or agency is None:
        return
    company = workplace.company
    mistyped = Company.objects.create(cvr=cvr, name=company.name)
    merge_companies(mistyped, company, reason="CVR-nummeret var tastet forkert", by=agency)
    typed_again = Workplace.objects.create(company=company, name=workplace.name.lower())
    merge_workplaces(typed_again, workplace, reason="Samme adresse, oprettet to gange", by=agency)
