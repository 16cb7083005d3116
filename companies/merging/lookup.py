"""The company that a record leads to: itself, or the one that remained when it was merged."""

from collections.abc import Collection

from companies.models import Company, CompanyMerge, Workplace, WorkplaceMerge


def remaining_company(company: Company) -> Company:
    """Return the company that the record leads to: one query when it is not merged.

    Final only under the lock of the companies (`companies.actions.company_locks`).
    """
    while True:
        merges = CompanyMerge.objects.standing().filter(duplicate=company).select_related("remaining")
        merge = merges.first()
        if merge is None:
            return company
        company = merge.remaining


def remaining_workplace(workplace: Workplace) -> Workplace:
    """Return the workplace as stored now, or that of the same P-number at the company that remains."""
    workplace = _last_workplace(Workplace.objects.select_related("company").get(pk=workplace.pk))
    company = remaining_company(workplace.company)
    if company == workplace.company or not workplace.p_number:
        return workplace
    theirs = company.workplaces.filter(p_number=workplace.p_number).first()
    return workplace if theirs is None else _last_workplace(theirs)


def _last_workplace(workplace: Workplace) -> Workplace:
    """Return the workplace that this one was put together with, or itself."""
    merges = WorkplaceMerge.objects.standing().select_related("remaining__company")
    while (merge := merges.filter(duplicate=workplace).first()) is not None:
        workplace = merge.remaining
    return workplace


def merged_p_numbers(company_ids: Collection[int]) -> dict[tuple[int, str], str]:
    """Return the P-number of the workplace that remains, by company id and P-number of merged ones."""
    merges = WorkplaceMerge.objects.standing().filter(duplicate__company__in=company_ids)
    numbers = {}
    for merge in merges.exclude(duplicate__p_number="").select_related("duplicate", "remaining"):
        remaining = _last_workplace(merge.remaining)
        numbers[merge.duplicate.company_id, merge.duplicate.p_number] = remaining.p_number
    return numbers


def company_by_cvr(cvr: str) -> Company | None:
    """Return the company that the number leads to, None when it is not registered."""
    company = Company.objects.filter(cvr=cvr).first() if cvr.isascii() and cvr.isdigit() else None
    return None if company is None else remaining_company(company)


def remaining_by_cvr() -> dict[str, Company]:
    """Return the company that remains, by the CVR number of every record that was merged: one query."""
    merges = CompanyMerge.objects.standing().select_related("duplicate", "remaining")
    direct = {merge.duplicate.cvr: merge.remaining for merge in merges}

    def last(company: Company) -> Company:
        return last(direct[company.cvr]) if company.cvr in direct else company

    return {cvr: last(company) for cvr, company in direct.items()}
