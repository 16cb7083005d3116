"""Companies: the list, one company, and its contact persons."""

import datetime
import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
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
from cases.presentation.support import standing, withdrawn
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
from companies.presentation.counted_places import counted_places
from companies.presentation.successions import take_overs_of
from companies.register.client import is_register_on
from companies.register.lookup import registered_facts
from companies.tables import CompanyTable
from jobfirst import clock
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
        **_workplaces(company, today),
        "take_overs": take_overs_of(company),
        "asks_register": is_register_on(),
        "arranges": request.user.has_perm("companies.arrange_companies"),
        "placements": [row for row in placements if not row.is_over(today)],
        "earlier_placements": [row for row in placements if row.is_over(today)],
        "dialogues": [line for line in dialogues if line.goes_on],
        "ended_dialogues": [line for line in dialogues if not line.goes_on],
        "on": today,
        "manages": request.user.has_perm("companies.manage_companies"),
    }
    return render_page(request, "companies/company.html", context)


def _workplaces(company: Company, today: datetime.date) -> dict[str, Any]:
    """Return the company's workplaces, and the reasonableness requirement of each (D24)."""
    workplaces = company.workplaces.exclude(pk__in=WorkplaceMerge.objects.duplicates())
    workplaces = workplaces.order_by("is_closed", "name", "pk")
    counted = counted_places(company, workplaces, today)
    return {
        "workplaces": workplaces,
        "workplace_merges": workplace_merges_of(company),
        "counted_places": counted,
        "is_full": all(place.requirement.exceeded for place in counted),
    }


#: The most notes and calls that the page of a company shows; the newest ones.
MOST_LINES = 30
#: The most next steps that it shows; the first ones.
MOST_NEXT = 3


def _newest(
    model: type[CompanyNote] | type[CompanyCall],
    company: Company,
    projects: Collection[int],
    also: Q,
    *related: str,
) -> list[Any]:
    """Return the newest standing and the newest withdrawn rows of a company, and those standing that are
    wanted `also`; one query."""
    rows = model.everything.of_projects(projects).filter(company=company)
    standing = rows.filter(withdrawn_at__isnull=True)
    chosen = Q(pk__in=standing.values("pk")[:MOST_LINES]) | Q(
        pk__in=rows.withdrawn().values("pk")[:MOST_LINES]
    )
    if also:
        chosen |= also & Q(withdrawn_at__isnull=True)
    return list(rows.filter(chosen).select_related(*related))


def _ahead(calls: Iterable[CompanyCall], today: datetime.date) -> list[CompanyCall]:
    """Return the calls whose next step is ahead, the first step first."""
    ahead = [(call.next_on, call.pk, call) for call in calls if call.next_on and call.next_on >= today]
    return [call for _day, _pk, call in sorted(ahead)]


def _project_rows(company: Company, projects: Collection[int], today: datetime.date) -> dict[str, Any]:
    """Return what these projects keep of the company, and nothing of any other (D39)."""
    openings = company.openings.of_projects(projects).select_related("workplace")
    past = [opening for opening in openings if opening.until_on and opening.until_on < today]
    notes = _newest(CompanyNote, company, projects, Q(), "written_by")
    calls = _newest(CompanyCall, company, projects, Q(next_on__gte=today), "contact", "called_by")
    with_corrections([*notes, *calls])
    standing_calls = standing(calls)
    known_by = company.acquaintances.of_projects(projects).select_related("user")
    return {
        "contacts": company.contacts.of_projects(projects),
        "openings": [row for row in openings if row not in past and not row.is_at_closed_workplace],
        "past_openings": len(past),
        "notes": standing(notes),
        "calls": standing_calls[:MOST_LINES],
        "withdrawn_notes": withdrawn(notes),
        "withdrawn_calls": withdrawn(calls),
        "next_calls": _ahead(standing_calls, today)[:MOST_NEXT],
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
