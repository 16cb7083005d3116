"""Who takes a place at a company by the reasonableness requirement, and whose employees give it (D24).

One reckoning for the pages of placements and companies, and for the suggestions of matching.
"""

from collections.abc import Collection

from django.db.models import Count, QuerySet

from companies.models import Company, Placement, Succession, Workplace
from companies.rules.reasonableness import COUNTING_KINDS, Headcount, PlacementStay
from companies.rules.succession import CompanyLine
from jobfirst.row_security.context import all_projects


def headcount_of(
    company: Company, workplace: Workplace | None, *, is_only: bool, typed: int | None = None
) -> Headcount:
    """Return the ordinary employees of the workplace, or without one those of the whole company.

    The company's number counts for a workplace only where it `is_only` one; else a workplace whose number is
    not known has none, and it is asked for. `typed` is a number that is not stored yet.
    """
    if workplace is None:
        return Headcount(company.ordinary_employees if typed is None else typed)
    number = workplace.ordinary_employees if typed is None else typed
    if number is None and is_only:
        return Headcount(company.ordinary_employees)
    return Headcount(number, _key_of(workplace))


def with_several_workplaces(companies: Collection[Company]) -> set[int]:
    """Return the ids of the companies that have more than one open workplace; one query."""
    open_ones = Workplace.objects.filter(company__in=companies, is_closed=False).order_by()
    numbers = open_ones.values("company").annotate(number=Count("pk")).filter(number__gt=1)
    return set(numbers.values_list("company", flat=True))


@all_projects("persons of every project take places at a company; they are counted, and named by id only")
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
