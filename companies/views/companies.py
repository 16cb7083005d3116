"""Companies: the list, one company, and its contact persons."""

import datetime
import uuid
from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import record_shown, requires
from cases.models import Course
from cases.policy import STAFF_ROLES
from cases.presentation.corrections import with_corrections
from companies import search
from companies.filters import CompanyFilter
from companies.forms.companies import CHOSEN, CompanyContactForm, CompanyForm
from companies.matching.board import dialogues_at
from companies.merging.lookup import company_by_cvr
from companies.merging.presentation import merges_of
from companies.merging.workplaces import workplace_merges_of
from companies.models import (
    Company,
    CompanyCall,
    CompanyContact,
    CompanyMerge,
    CompanyNote,
    WorkplaceMerge,
)
from companies.policy import keeping_project_ids
from companies.presentation import reasonableness
from companies.presentation.successions import take_overs_of
from companies.register.client import is_register_on
from companies.register.lookup import registered_facts
from companies.tables import CompanyTable
from jobfirst import clock
from jobfirst.dates import DateSpan
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import Empty, render_page
from jobfirst.kit.tables import paged


@require_safe
@requires("companies.list_companies")
def company_list(request: AuthenticatedRequest) -> HttpResponse:
    """List the companies of the trial, found by name or number."""
    companies = Company.objects.exclude(pk__in=CompanyMerge.objects.duplicates()).only(*CompanyTable.FIELDS)
    chosen = CompanyFilter(request.GET, queryset=companies, request=request)
    table = paged(request, CompanyTable(chosen.qs, user=request.user, on=clock.today()))
    manages = request.user.has_perm("companies.manage_companies")
    new_url = reverse("companies:new_company") if manages else ""
    context = {
        "page_title": _("Companies"),
        "table": table,
        "filter": chosen,
        "manages": manages,
        "empty": Empty(_("No company matches."), new_url, _("Register a company")),
    }
    return render_page(request, "companies/company_list.html", context, fragment="kit/list_fragment.html")


@require_safe
@requires("companies.list_companies")
def find(request: AuthenticatedRequest) -> HttpResponse:
    """Return the companies that match what is typed into a form, as radio buttons; a part of a page.

    Opened as a page of its own it shows them below a heading.
    """
    typed = request.GET.get("cvr", "")
    companies = search.choices_for(typed)
    context = {
        "companies": companies,
        "registered": None if companies else registered_facts(typed),
        "was_searched": bool(typed.strip()),
        "chosen_name": CHOSEN,
    }
    return render_page(
        request, "companies/found_companies.html", context, fragment="companies/_company_choices.html"
    )


def company_or_404(cvr: str) -> Company:
    """Return the company that this number leads to. Companies are no secret to any user."""
    company = company_by_cvr(cvr)
    if company is None:
        raise Http404
    return company


def keeping_projects(request: AuthenticatedRequest) -> QuerySet[Project]:
    """Return the projects for which the user writes of companies."""
    return Project.objects.filter(pk__in=keeping_project_ids(request.user)).order_by("name")


def company_url(company: Company) -> str:
    """Return the URL of the company's page."""
    return reverse("companies:company", args=[company.cvr])


@require_safe
@requires("companies.list_companies")
def company(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Show a company: contact persons, places (D24), and the user's own citizens there, now or earlier."""
    company = company_or_404(cvr)
    if company.cvr != cvr:
        messages.info(request, _("CVR %(cvr)s leads here: it is the same company.") % {"cvr": cvr})
        return redirect(company_url(company))
    today = clock.today()
    courses = Course.objects.visible_to(request.user)
    placements = list(
        company.placements.filter(course_id__in=courses.values("pk"))
        .select_related("course__citizen", "course__referral", "workplace")
        .order_by("-starts_on", "-pk")[:100]
    )
    projects = request.user.project_ids(*STAFF_ROLES)
    dialogues = dialogues_at(company, request.user, today)
    citizens = {placement.course.citizen.public_id for placement in placements}
    citizens |= {line.dialogue.course.citizen.public_id for line in dialogues}
    record_shown(request.user, "company", sorted(citizens))
    context = {
        "company": company,
        "merges": merges_of(company),
        **_project_rows(company, projects, today),
        "workplaces": company.workplaces.exclude(pk__in=WorkplaceMerge.objects.duplicates()).order_by(
            "is_closed", "name", "pk"
        ),
        "workplace_merges": workplace_merges_of(company),
        "take_overs": take_overs_of(company),
        "asks_register": is_register_on(),
        "arranges": request.user.has_perm("companies.arrange_companies"),
        "placements": [row for row in placements if not row.is_over(today)],
        "earlier_placements": [row for row in placements if row.is_over(today)],
        "dialogues": [line for line in dialogues if line.goes_on],
        "ended_dialogues": [line for line in dialogues if not line.goes_on],
        "on": today,
        "requirement": reasonableness.assess_company(company, within=DateSpan(today, today)),
        "manages": request.user.has_perm("companies.manage_companies"),
    }
    return render_page(request, "companies/company.html", context)


#: The most notes and calls that the page of a company shows; the newest ones.
MOST_LINES = 30


def _project_rows(company: Company, projects: Collection[int], today: datetime.date) -> dict[str, Any]:
    """Return what these projects keep of the company, and nothing of any other (D39)."""
    openings = company.openings.of_projects(projects).select_related("workplace")
    calls = company.calls.of_projects(projects).select_related("contact", "called_by")
    notes = list(company.notes.of_projects(projects).select_related("written_by")[:MOST_LINES])
    withdrawn_rows: list[Any] = [
        *CompanyNote.everything.withdrawn().of_projects(projects).filter(company=company)[:MOST_LINES],
        *CompanyCall.everything.withdrawn().of_projects(projects).filter(company=company)[:MOST_LINES],
    ]
    shown_calls = list(calls[:MOST_LINES])
    with_corrections([*notes, *shown_calls, *withdrawn_rows])
    known_by = company.acquaintances.of_projects(projects).select_related("user")
    return {
        "contacts": company.contacts.of_projects(projects),
        "openings": list(openings.open_on(today)),
        "past_openings": openings.filter(until_on__lt=today).count(),
        "notes": notes,
        "calls": shown_calls,
        "withdrawn_rows": withdrawn_rows,
        "next_calls": list(calls.filter(next_on__gte=today).order_by("next_on")[:3]),
        "acquaintances": list(known_by),
    }


@edit_page
@requires("companies.manage_companies")
def correct_company(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Correct a company's name or its number of ordinary employees."""
    company = company_or_404(cvr)
    form = CompanyForm(form_data(request), instance=company)
    return answer_form(request, form, back_url=company_url(company))


@edit_page
@requires("companies.manage_companies")
def new_contact(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Add a contact person."""
    company = company_or_404(cvr)
    form = CompanyContactForm(
        form_data(request), instance=CompanyContact(company=company), projects=keeping_projects(request)
    )
    return answer_form(request, form, back_url=company_url(company))


@edit_page
@requires("companies.manage_companies")
def correct_contact(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a contact person's name, title, phone or e-mail."""
    projects = keeping_projects(request)
    contacts = CompanyContact.objects.filter(project__in=projects).select_related("company", "project")
    contact = get_object_or_404(contacts, public_id=public_id)
    form = CompanyContactForm(form_data(request), instance=contact, projects=projects)
    return answer_form(request, form, back_url=company_url(contact.company))
