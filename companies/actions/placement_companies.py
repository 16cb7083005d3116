"""The companies and workplaces of a file of placements: found by CVR number and P-number, or created."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from companies.actions.placement_checks import MatchedRow
from companies.actions.placement_entries import PlacementEntry, WorkplaceKey
from companies.merging.lookup import merged_p_numbers, remaining_by_cvr
from companies.models import Company, Placement, Workplace
from jobfirst.database.batches import UPDATE_BATCH, batches
from jobfirst.exchange import RowError
from jobfirst.row_security.context import all_projects


def save_companies(entries: list[PlacementEntry]) -> dict[str, Company]:
    """Return the companies by CVR number, creating new ones under the last name that the file gives them.

    The number of a record that was put together with another one leads to that one.
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
    return companies | {cvr: company for cvr, company in remaining_by_cvr().items() if cvr in companies}


def rename_companies(
    rows: Iterable[MatchedRow], companies: dict[str, Company]
) -> tuple[set[str], list[RowError]]:
    """Rename companies as the rows newly say; return their CVR numbers, and the names that contradict (D42).

    A name that was delivered before says nothing new. A new one is not taken over where the public register
    or a person has given the company another name than any file; it is listed, the rest of the row applies.
    Where the file gives a company two new names, the last one is used.
    """
    # The name of a record that was put together with another one says nothing of the one that remains.
    differing = [
        row
        for row in rows
        if (company := companies[row.entry.cvr]).cvr == row.entry.cvr and company.name != row.entry.company
    ]
    known = _delivered_names({companies[row.entry.cvr].pk for row in differing})
    renamed: dict[str, Company] = {}
    listed = []
    text = _("the company keeps the name that it has been given; the rest of the line is saved")
    for row in differing:
        company, name = companies[row.entry.cvr], row.entry.company
        names = known.get(company.pk, set())
        if not _is_new_name(row, names):
            continue
        is_stored_by_file = company.cvr in renamed or not names or company.name in names
        if company.register_read_on is not None or not is_stored_by_file:
            listed.append(RowError(row.entry.row.line, "company", text))
            continue
        company.name = name
        renamed[company.cvr] = company
    for company in renamed.values():
        company.version += 1
    Company.objects.bulk_update(renamed.values(), ["name", "version"], batch_size=UPDATE_BATCH)
    return set(renamed), listed


@all_projects("files of every project deliver names of companies")
def _delivered_names(companies: Collection[int]) -> dict[int, set[str]]:
    """Return the names under which files have delivered placements at these companies, by id."""
    names: dict[int, set[str]] = {}
    for batch in batches(sorted(companies)):
        rows = Placement.everything.filter(company__in=batch, delivered__has_key="company").order_by()
        for company, name in rows.values_list("company", "delivered__company").distinct():
            names.setdefault(company, set()).add(name)
    return names


def _is_new_name(row: MatchedRow, names: Collection[str]) -> bool:
    """Whether no file has called the row's company so before: this row's placement, or any there."""
    before = (row.placement.delivered if row.placement is not None else None) or {}
    if "company" in before and before.get("cvr") == row.entry.cvr:
        return bool(before["company"] != row.entry.company)
    return row.entry.company not in names


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
