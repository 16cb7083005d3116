"""The companies and workplaces of a file of placements: found by CVR number and P-number, or created."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from companies.actions.placement_entries import PlacementEntry, WorkplaceKey
from companies.merging.lookup import merged_p_numbers, remaining_by_cvr
from companies.models import Company, Workplace
from jobfirst.batches import UPDATE_BATCH, batches


def save_companies(entries: list[PlacementEntry]) -> tuple[dict[str, Company], set[str]]:
    """Return the companies by CVR number, creating new ones, and the numbers of those that were renamed.

    Where the file gives one company two names, the last one is used. The number of a record that was put
    together with another one leads to that one.
    """
    names = {entry.cvr: entry.company for entry in entries}
    companies = {company.cvr: company for batch in batches(sorted(names)) for company in _by_cvr(batch)}
    missing = [cvr for cvr in sorted(names) if cvr not in companies]
    for batch in batches(missing):
        # A simultaneous import may create the same company.
        Company.objects.bulk_create(
            [Company(cvr=cvr, name=names[cvr]) for cvr in batch], ignore_conflicts=True
        )
        companies |= {company.cvr: company for company in _by_cvr(batch)}
    # The name of a record that was put together with another one says nothing of the one that remains.
    merged = {cvr: company for cvr, company in remaining_by_cvr().items() if cvr in companies}
    renamed = [
        company
        for cvr, company in companies.items()
        if cvr not in merged and company.name != names[company.cvr]
    ]
    for company in renamed:
        company.name = names[company.cvr]
        company.version += 1
    Company.objects.bulk_update(renamed, ["name", "version"], batch_size=UPDATE_BATCH)
    return companies | merged, {company.cvr for company in renamed}


def _by_cvr(numbers: Collection[str]) -> Iterable[Company]:
    return Company.objects.filter(cvr__in=numbers)


def with_remaining_numbers(
    entries: list[PlacementEntry], companies: dict[str, Company]
) -> list[PlacementEntry]:
    """Return the rows, each with the P-number of the workplace that its own one leads to."""
    numbers = merged_p_numbers({company.pk for company in companies.values()})
    following = []
    for entry in entries:
        key = (companies[entry.cvr].pk, entry.values["p_number"])
        values = {**entry.values, "p_number": numbers.get(key, key[1])}
        following.append(replace(entry, values=values) if key in numbers else entry)
    return following


def save_workplaces(
    entries: list[PlacementEntry], companies: dict[str, Company]
) -> dict[WorkplaceKey, Workplace]:
    """Return the workplaces of the rows' companies and P-numbers, creating new ones."""
    keys = {
        WorkplaceKey(companies[entry.cvr].pk, entry.values["p_number"])
        for entry in entries
        if entry.values["p_number"]
    }
    workplaces: dict[WorkplaceKey, Workplace] = {}
    for batch in batches(sorted(keys)):
        workplaces |= _stored_workplaces(batch)
        new = [key for key in batch if key not in workplaces]
        if new:
            # A simultaneous import may create the same workplace.
            rows = [Workplace(company_id=key.company, p_number=key.p_number) for key in new]
            Workplace.objects.bulk_create(rows, ignore_conflicts=True)
            workplaces |= _stored_workplaces(new)
    return workplaces


def _stored_workplaces(keys: Collection[WorkplaceKey]) -> dict[WorkplaceKey, Workplace]:
    stored = Workplace.objects.filter(
        company__in={key.company for key in keys}, p_number__in={key.p_number for key in keys}
    )
    return {WorkplaceKey(workplace.company_id, workplace.p_number): workplace for workplace in stored}
