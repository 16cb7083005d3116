"""Register and correct companies, their workplaces and their contact persons."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.links.actions import send_to_new_address
from accounts.models import Project
from cases.actions.checks import changed, locked_courses, refuse
from cases.actions.deadlines import update_deadlines
from cases.models import Course
from companies.actions.company_locks import lock_companies, share_companies
from companies.deadlines import OF_CONTACT_PERSONS
from companies.extension_points import placements_changed
from companies.merging.lookup import remaining_company, remaining_workplace
from companies.models import Company, CompanyContact, Placement, Succession, Workplace
from jobfirst.kit.versioned import ensure_fresh
from jobfirst.row_security.context import all_projects

#: The facts of a company that people type, besides its CVR number.
COMPANY_FACTS = ("name", "street", "postal_code", "town", "sector_code", "sector", "ordinary_employees")
#: The facts of a workplace that people type.
WORKPLACE_FACTS = ("p_number", "name", "street", "postal_code", "town", "ordinary_employees", "is_closed")


def locked_company(company: Company) -> Company:
    """Return the company as stored now, its row locked, so that changes of what it has are serialised.

    It is the one that remained, when it was put together with another one meanwhile.
    """
    share_companies()
    company = remaining_company(company)
    return Company.objects.select_for_update(of=("self",)).get(pk=company.pk)


@transaction.atomic
def save_company(cvr: str, *, version: int | None = None, **facts: Any) -> Company:
    """Register a company, or correct it; `facts` are some of `COMPANY_FACTS`.

    Corrects the facts given. Without a `version`, the one that a form was opened on, an empty number of
    employees leaves the one that is stored. The grant depends on the CVR number alone.
    The number of a record that was put together with another one leads to that one, which stays as it is.
    """
    share_companies()
    company, new = Company.objects.select_for_update(of=("self",)).get_or_create(cvr=cvr, defaults=facts)
    if new:
        return company
    remaining = remaining_company(company)
    if remaining != company:
        return remaining
    ensure_fresh(company, version)
    if version is None and facts.get("ordinary_employees") is None:
        facts.pop("ordinary_employees", None)
    corrections = {name: value for name, value in facts.items() if getattr(company, name) != value}
    if corrections:
        changed(company, corrections)
    return company


@transaction.atomic
def save_workplace(
    company: Company,
    facts: Mapping[str, Any],
    workplace: Workplace | None = None,
    *,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Workplace:
    """Add a workplace to a company, or correct one; `facts` are some of `WORKPLACE_FACTS`.

    A P-number belongs to one open workplace: it is refused while another company has it, or another workplace
    of this one. A company that took over another one has its P-numbers as well.
    """
    if workplace is not None:
        return _corrected_workplace(company, facts, workplace, version)
    company = locked_company(company)
    if submission is not None:
        earlier = Workplace.objects.filter(submission=submission, company=company).first()
        if earlier is not None:
            return earlier
    _check_p_number(company, facts.get("p_number", ""))
    return Workplace.objects.create(company=company, submission=submission, **facts)


@all_projects("what the projects share of a company is changed for all of them")
def _corrected_workplace(
    company: Company, facts: Mapping[str, Any], workplace: Workplace, version: int | None
) -> Workplace:
    """Save a correction; with another P-number what the citizens there have earned follows (D28).

    That excludes everything new at companies, so that no placement at the workplace is missed; other facts
    are corrected beside what is new.
    """
    if "p_number" in facts:
        lock_companies()
    company = locked_company(company)
    workplace = Workplace.objects.get(pk=workplace.pk)
    if remaining_workplace(workplace) != workplace:
        text = _("The workplace has been put together with another one. Correct that one.")
        raise ValidationError(text, code="merged")
    ensure_fresh(workplace, version)
    _check_p_number(company, facts.get("p_number", ""), workplace)
    p_number = workplace.p_number
    if any(getattr(workplace, name) != value for name, value in facts.items()):
        changed(workplace, dict(facts))
    if workplace.p_number != p_number:
        courses = Placement.everything.filter(workplace=workplace).values_list("course_id", flat=True)
        placements_changed(locked_courses(sorted(set(courses))))
    return workplace


@transaction.atomic
def workplace_by_number(company: Company, p_number: str) -> Workplace | None:
    """Return the company's workplace with the P-number, a new one when it has none; None without a number."""
    if not p_number:
        return None
    share_companies()
    company = remaining_company(company)
    stored = company.workplaces.filter(p_number=p_number).first()
    return remaining_workplace(stored) if stored else save_workplace(company, {"p_number": p_number})


def _check_p_number(company: Company, p_number: str, workplace: Workplace | None = None) -> None:
    if not p_number:
        return
    taken_over = set(Succession.objects.became(company)) - {company.pk}
    others = Workplace.objects.filter(p_number=p_number, is_closed=False).exclude(company__in=taken_over)
    others = others.select_related("company")
    other = next((row for row in others if workplace is None or row.pk != workplace.pk), None)
    if other is None:
        return
    if other.company_id == company.pk:
        raise refuse("p_number", _("The company has this P-number already."), "known")
    text = _("%(company)s (CVR %(cvr)s) has this P-number. Check it, or close the workplace there first.")
    raise refuse("p_number", text % {"company": other.company.name, "cvr": other.company.cvr}, "elsewhere")


@transaction.atomic
def save_contact(
    company: Company,
    fields: dict[str, Any],
    contact: CompanyContact | None = None,
    *,
    project: Project,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> CompanyContact:
    """Add a contact person of a project to a company, or correct one (name, title, email, phone).

    One that the project does not own is not changed (D39). Whether the contact person can be reached decides
    when a mentor is told of a missing annex, so the deadlines follow. Links go on to a new address.
    """
    company = locked_company(company)
    if contact is not None:
        contact = CompanyContact.objects.get(pk=contact.pk)
        if contact.project_id != project.pk:
            raise ValidationError(_("The contact person is not your project's own."), code="foreign")
        ensure_fresh(contact, version)
        address = (contact.email, contact.phone)
        changed(contact, fields)
        courses = Course.objects.filter(placements__agreements__company_contact=contact)
        rows = locked_courses(list(courses.values_list("pk", flat=True)))
        update_deadlines(rows.values(), *OF_CONTACT_PERSONS)
        if (contact.email, contact.phone) != address:
            send_to_new_address(contact.public_id, now=timezone.now())
        return contact
    if submission is not None:
        earlier = CompanyContact.objects.filter(submission=submission, company=company).first()
        if earlier is not None:
            return earlier
    return CompanyContact.objects.create(company=company, project=project, submission=submission, **fields)
