"""Who takes a place at a company by the reasonableness requirement, and whose employees give it (D24).

One reckoning for the pages of placements and companies, and for the suggestions of matching.
"""

from collections.abc import Collection

from django.db.models import QuerySet

from companies.models import Company, Placement, Succession, Workplace
from companies.rules.reasonableness import COUNTING_KINDS, Headcount, PlacementStay
from companies.rules.succession import CompanyLine


def headcount_of(
    company: Company, workplace: Workplace | None, *, company_employees: int | None = None
) -> Headcount:
    """Return the ordinary employees of the workplace; while they are not known, or without a workplace, those
    of the whole company. `company_employees` is a number of the company that is not stored yet."""
    if workplace is not None and workplace.ordinary_employees is not None:
        return Headcount(workplace.ordinary_employees, _key_of(workplace))
    return Headcount(company.ordinary_employees if company_employees is None else company_employees)


def stays_at(
    companies: Collection[Company], placements: QuerySet[Placement]
) -> dict[str, list[PlacementStay]]:
    """Return by CVR number who, of these placements, takes a place at each of the companies, and when.

    Persons are courses by id. Two queries.

    A placement at a company that was taken over is at the successor from the day of the take-over.
    """
    lines = Succession.objects.lines()
    stays: dict[str, list[PlacementStay]] = {company.cvr: [] for company in companies}
    taken_over = {
        cvr for cvr, line in lines.items() if any(stage.company in stays for stage in line.stages())
    }
    counting = placements.filter(kind__in=COUNTING_KINDS, company__cvr__in={*stays, *taken_over})
    for placement in counting.select_related("company", "workplace"):
        line = lines.get(placement.company.cvr, CompanyLine(placement.company.cvr))
        for cvr in {stage.company for stage in line.stages()} & stays.keys():
            days = line.days_at(cvr, placement.span)
            if not days.is_empty:
                workplace = None if placement.workplace is None else _key_of(placement.workplace)
                stays[cvr].append(
                    PlacementStay(placement.course_id, days, placement.waived_few_hours, workplace)
                )
    return stays


def _key_of(workplace: Workplace) -> str:
    """Return the P-number, which a workplace keeps under a successor, or the id of one without a P-number."""
    return workplace.p_number or f"id {workplace.pk}"
