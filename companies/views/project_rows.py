"""What a project keeps of a company: notes, calls, openings, and who knows it."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.models import Project
from accounts.requests import AuthenticatedRequest
from audit.access import requires
from cases.actions.corrections import may_restore_at_once
from cases.policy import STAFF_ROLES
from cases.views.withdrawals import answer_restoring, answer_withdrawal, sends_reason
from companies.actions import project_rows as actions
from companies.forms.project_rows import (
    AcquaintanceForm,
    CompanyCallForm,
    CompanyNoteForm,
    JobOpeningForm,
    ProjectRowForm,
    RestoreProjectRowForm,
    WithdrawProjectRowForm,
)
from companies.models import CompanyAcquaintance, CompanyCall, CompanyNote, JobOpening
from companies.views.companies import company_or_404, company_url, keeping_projects
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data


def own_projects(request: AuthenticatedRequest) -> Any:
    """Return the projects that the user works in: what they keep of companies is the user's to read."""
    return Project.objects.filter(pk__in=request.user.project_ids(*STAFF_ROLES)).order_by("name")


def _new_row(
    request: AuthenticatedRequest,
    cvr: str,
    form_class: type[ProjectRowForm],
    model: Any,  # a subclass of `ProjectRow`, each of which has a key of the company
    projects: Any,
    **initial: Any,
) -> HttpResponse:
    company = company_or_404(cvr)
    row = model(company=company)
    form = form_class(form_data(request), instance=row, projects=projects, initial=initial, user=request.user)
    return answer_form(request, form, back_url=company_url(company))


def _correct_row(
    request: AuthenticatedRequest,
    public_id: uuid.UUID,
    form_class: type[ProjectRowForm],
    model: Any,  # a subclass of `ProjectRow`, each of which has a key of the company
    projects: Any,
) -> HttpResponse:
    rows = model._default_manager.filter(project__in=projects).select_related("company", "project")
    row: Any = get_object_or_404(rows, public_id=public_id)
    form = form_class(form_data(request), instance=row, projects=projects, user=request.user)
    return answer_form(request, form, back_url=company_url(row.company))


@edit_page
@requires("companies.write_of_companies")
def new_note(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Write a note of the project on a company."""
    return _new_row(request, cvr, CompanyNoteForm, CompanyNote, own_projects(request))


@edit_page
@requires("companies.write_of_companies")
def correct_note(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a note of the project on a company."""
    return _correct_row(request, public_id, CompanyNoteForm, CompanyNote, own_projects(request))


@edit_page
@requires("companies.write_of_companies")
def new_call(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Record a call to a company, or a visit."""
    projects = own_projects(request)
    return _new_row(request, cvr, CompanyCallForm, CompanyCall, projects, called_on=clock.today())


@edit_page
@requires("companies.write_of_companies")
def correct_call(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a recorded call to a company."""
    return _correct_row(request, public_id, CompanyCallForm, CompanyCall, own_projects(request))


def _withdraw_row(request: AuthenticatedRequest, public_id: uuid.UUID, model: Any) -> HttpResponse:
    row = _row_or_withdrawn(request, public_id, model)
    is_slip = actions.is_slip_of_row(row, request.user)
    is_answered = is_slip or sends_reason(request, "withdrawn_reason")
    form = WithdrawProjectRowForm(
        form_data(request) if is_answered else None,
        row=row,
        is_own_slip=is_slip,
        intro=f"{row.company}: {row.words}",
    )
    return answer_withdrawal(request, form, back_url=company_url(row.company))


def _restore_row(request: AuthenticatedRequest, public_id: uuid.UUID, model: Any) -> HttpResponse:
    row = _row_or_withdrawn(request, public_id, model)
    is_answered = sends_reason(request) or may_restore_at_once(row, request.user)
    form = RestoreProjectRowForm(
        form_data(request) if is_answered else None,
        row=row,
        user=request.user,
        intro=f"{row.company}: {row.words}",
    )
    return answer_restoring(request, form, back_url=company_url(row.company))


def _row_or_withdrawn(request: AuthenticatedRequest, public_id: uuid.UUID, model: Any) -> Any:
    """Return a note or a call of the user's own projects, withdrawn or not."""
    rows = model.everything.filter(project__in=own_projects(request))
    return get_object_or_404(rows.select_related("company", "project"), public_id=public_id)


@edit_page
@requires("companies.write_of_companies")
def withdraw_note(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a note of the project on a company that was entered in error."""
    return _withdraw_row(request, public_id, CompanyNote)


@edit_page
@requires("companies.write_of_companies")
def restore_note(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a note stand again that was withdrawn by mistake."""
    return _restore_row(request, public_id, CompanyNote)


@edit_page
@requires("companies.write_of_companies")
def withdraw_call(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a contact with a company that was entered in error."""
    return _withdraw_row(request, public_id, CompanyCall)


@edit_page
@requires("companies.write_of_companies")
def restore_call(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a contact with a company stand again that was withdrawn by mistake."""
    return _restore_row(request, public_id, CompanyCall)


@edit_page
@requires("companies.manage_companies")
def new_opening(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Note an opening at a company."""
    return _new_row(request, cvr, JobOpeningForm, JobOpening, keeping_projects(request))


@edit_page
@requires("companies.manage_companies")
def correct_opening(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct an opening at a company, or give it a last day."""
    return _correct_row(request, public_id, JobOpeningForm, JobOpening, keeping_projects(request))


@edit_page
@requires("companies.write_of_companies")
def know_company(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Record that the user knows the company."""
    company = company_or_404(cvr)
    earlier = CompanyAcquaintance.objects.filter(company=company, user=request.user).first()
    form = AcquaintanceForm(
        form_data(request),
        company=company,
        projects=own_projects(request),
        initial={"how": earlier.how if earlier else ""},
    )
    return answer_form(request, form, back_url=company_url(company))


@require_POST
@requires("companies.write_of_companies")
def forget_company(request: AuthenticatedRequest, cvr: str) -> HttpResponse:
    """Remove that the user knows the company."""
    company = company_or_404(cvr)
    actions.forget_company(company, by=request.user)
    return redirect(company_url(company))
