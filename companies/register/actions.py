"""Take facts of the public register over into a company: only those that somebody chose."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from django.db import transaction

from cases.actions.checks import changed
from companies.actions.companies import locked_company, save_company, save_workplace
from companies.models import Company, Workplace
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


class WorkplaceCorrection(NamedTuple):
    """A fact (name of a field) of a workplace here, and what the register says instead."""

    workplace: Workplace
    field: str
    value: str | int

    @property
    def key(self) -> str:
        """What the choice is called in a form; with another value here or in the register it is another."""
        return f"{self.workplace.p_number}:{self.field}:{self.current}:{self.value}"

    @property
    def current(self) -> object:
        """What stands here."""
        return getattr(self.workplace, self.field)


def differing_workplaces(company: Company, facts: RegisterFacts) -> list[WorkplaceCorrection]:
    """Return where open workplaces of the company differ from the register, by P-number.

    One that is closed in the register is only to be closed. What the register leaves empty is no difference.
    """
    registered = {row.p_number: row for row in facts.workplaces}
    workplaces = company.workplaces.filter(is_closed=False, p_number__in=registered)
    corrections = []
    for workplace in workplaces.order_by("p_number"):
        row = registered[workplace.p_number]
        values: Mapping[str, str | int | None] = (
            {"is_closed": True} if row.is_closed else _workplace_facts(row)
        )
        corrections += [
            WorkplaceCorrection(workplace, name, value)
            for name, value in values.items()
            if value not in ("", None) and getattr(workplace, name) != value
        ]
    return corrections


@transaction.atomic
def take_facts(
    company: Company,
    facts: RegisterFacts,
    *,
    names: Collection[str],
    p_numbers: Collection[str] = (),
    corrections: Collection[WorkplaceCorrection] = (),
    version: int | None = None,
) -> Company:
    """Store the chosen facts (names of fields), add the chosen workplaces, and correct or close others.

    Notes the day of the answer. Everything else stays as people typed it.
    """
    chosen = {name: value for name, value in company_facts(facts).items() if name in names}
    company = save_company(company.cvr, version=version, **chosen)
    stored = set(locked_company(company).workplaces.values_list("p_number", flat=True))
    for workplace in facts.workplaces:
        if workplace.p_number in p_numbers and workplace.p_number not in stored:
            save_workplace(company, _workplace_facts(workplace))
    for correction in differing_workplaces(company, facts):
        if correction in corrections:
            save_workplace(company, {correction.field: correction.value}, correction.workplace)
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
