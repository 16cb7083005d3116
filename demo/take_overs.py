"""A company of the demo that another one took over, and one that was registered twice."""

import datetime

from accounts.models import User
from accounts.roles import Role
from companies.actions.successions import record_succession
from companies.merging.actions import merge_companies
from companies.models import Company, CompanyCall, CompanyNote, Placement, PlacementKind
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


def add_merge(cvr: str) -> None:
    """Register a company a second time, with a note, and let the agency put the two together.

    It is the first company that a job consultant has called. Uses no random numbers.
    """
    call = CompanyCall.objects.select_related("company", "project", "called_by").order_by("pk").first()
    agency = User.objects.filter(memberships__role=Role.AGENCY).order_by("pk").first()
    if call is None or agency is None:
        return
    duplicate = Company.objects.create(cvr=cvr, name=call.company.name)
    CompanyNote.objects.create(
        company=duplicate,
        project=call.project,
        text="Vil gerne have besøg, før en praktik begynder.",
        written_by=call.called_by,
    )
    merge_companies(duplicate, call.company, reason="CVR-nummeret var tastet forkert", by=agency)
