"""What happens to the records of the demo's companies: a take-over, merges, and a merge that was undone."""

import datetime

from accounts.models import User
from accounts.roles import Role
from companies.actions.successions import record_succession
from companies.merging.actions import merge_companies, undo_merge
from companies.merging.workplaces import merge_workplaces
from companies.models import Company, CompanyCall, CompanyNote, Placement, PlacementKind, Workplace
from demo.names import company_name
from jobfirst.values.dates import DAY


def first_of_agency() -> User | None:
    """Return the first user of the agency."""
    return User.objects.filter(memberships__role=Role.AGENCY).order_by("pk").first()


def add_take_over(cvr: str, serial: int, on: datetime.date) -> None:
    """Let a new company take over that of the first internship that runs, ten days after it began.

    Uses no random numbers. Where no internship runs, nobody is taken over.
    """
    internships = Placement.objects.running(on).filter(kind=PlacementKind.INTERNSHIP)
    internship = internships.filter(starts_on__lt=on - 10 * DAY).order_by("pk").first()
    agency = first_of_agency()
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
    agency = first_of_agency()
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


def add_undone_merge(cvr: str) -> None:
    """Let the agency put two companies of one name together, and take them apart again: they were two.

    The other one is that of the last call. Uses no random numbers.
    """
    call = CompanyCall.objects.select_related("company").order_by("pk").last()
    agency = first_of_agency()
    if call is None or agency is None:
        return
    namesake = Company.objects.create(cvr=cvr, name=call.company.name)
    merge = merge_companies(namesake, call.company, reason="Samme navn", by=agency)
    undo_merge(merge, by=agency)


def add_workplace_merge() -> None:
    """Register a workplace a second time, without its P-number, and let the agency put the two together.

    It is the workplace of the first placement at one, which is at the duplicate until then. Uses no random
    numbers.
    """
    placement = Placement.objects.filter(workplace__isnull=False).order_by("pk").first()
    agency = first_of_agency()
    if placement is None or placement.workplace is None or agency is None:
        return
    remaining = placement.workplace
    duplicate = Workplace.objects.create(
        company=placement.company,
        name=f"{remaining.name or placement.company.name}, indgang fra gården",
        street=remaining.street,
        postal_code=remaining.postal_code,
        town=remaining.town,
    )
    Placement.objects.filter(pk=placement.pk).update(workplace=duplicate)
    merge_workplaces(duplicate, remaining, reason="Samme sted med to indgange", by=agency)
