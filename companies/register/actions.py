"""Take facts of the public register over into a company: only those that somebody chose."""

from collections.abc import Collection

from django.db import transaction

from cases.actions.checks import changed
from companies.actions.companies import locked_company, save_company, save_workplace
from companies.models import Company
from companies.register.facts import RegisteredWorkplace, RegisterFacts


def company_facts(facts: RegisterFacts) -> dict[str, str | int]:
    """Return what the register says, by the names of the company's fields; without what is empty."""
    values: dict[str, str | int | None] = {
        "name": facts.name,
        "street": facts.address,
        "postal_code": facts.postal_code,
        "town": facts.town[:60],
        "sector_code": facts.industry_code,
        "sector": facts.industry,
        "ordinary_employees": facts.number_of_employees,
    }
    return {name: value for name, value in values.items() if value not in (None, "")}


@transaction.atomic
def take_facts(
    company: Company,
    facts: RegisterFacts,
    *,
    names: Collection[str],
    p_numbers: Collection[str] = (),
    version: int | None = None,
) -> Company:
    """Store the chosen facts (names of fields) and add the chosen workplaces; notes the day of the answer.

    Everything else stays as people typed it. A workplace that the company has already stays as it is.
    """
    chosen = {name: value for name, value in company_facts(facts).items() if name in names}
    company = save_company(company.cvr, version=version, **chosen)
    stored = set(locked_company(company).workplaces.values_list("p_number", flat=True))
    for workplace in facts.workplaces:
        if workplace.p_number in p_numbers and workplace.p_number not in stored:
            save_workplace(company, _workplace_facts(workplace))
    if company.register_read_on != facts.fetched_on:
        changed(company, {"register_read_on": facts.fetched_on})
    return company


def _workplace_facts(workplace: RegisteredWorkplace) -> dict[str, str | int | None]:
    employees = workplace.employees
    return {
        "p_number": workplace.p_number,
        "name": workplace.name,
        "street": workplace.address,
        "postal_code": workplace.postal_code,
        "town": workplace.town[:60],
        "ordinary_employees": int(employees) if employees.isascii() and employees.isdigit() else None,
    }
