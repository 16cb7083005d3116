"""Register and correct companies and their contact persons."""

import uuid
from typing import Any, cast

from django.db import transaction

from cases.actions.checks import changed
from companies.models import Company, CompanyContact
from jobfirst.kit.versioned import ensure_fresh
from jobfirst.models import Record


@transaction.atomic
def save_company(
    cvr: str, *, name: str, ordinary_employees: int | None = None, version: int | None = None
) -> Company:
    """Register a company, or correct it; the grant depends on the CVR number alone.

    Corrects the company when `version`, the one that the form was opened on, is given: an empty number of
    employees then means unknown.
    """
    company, new = Company.objects.select_for_update().get_or_create(
        cvr=cvr, defaults={"name": name, "ordinary_employees": ordinary_employees}
    )
    if new:
        return company
    ensure_fresh(cast(Record, company), version)  # not a Record, but it has a version
    if version is None and ordinary_employees is None:
        ordinary_employees = company.ordinary_employees
    if (company.name, company.ordinary_employees) != (name, ordinary_employees):
        company.name = name
        company.ordinary_employees = ordinary_employees
        company.version += 1
        company.save(update_fields=["name", "ordinary_employees", "version"])
    return company


@transaction.atomic
def save_contact(
    company: Company,
    fields: dict[str, Any],
    contact: CompanyContact | None = None,
    *,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> CompanyContact:
    """Add a contact person to a company, or correct one (name, title, email, phone)."""
    Company.objects.select_for_update().get(pk=company.pk)
    if contact is not None:
        contact = CompanyContact.objects.get(pk=contact.pk)
        ensure_fresh(contact, version)
        changed(contact, fields)
        return contact
    if submission is not None:
        earlier = CompanyContact.objects.filter(submission=submission, company=company).first()
        if earlier is not None:
            return earlier
    return CompanyContact.objects.create(company=company, submission=submission, **fields)
