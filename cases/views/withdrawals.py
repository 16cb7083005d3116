"""Answers of the pages that withdraw a row as entered in error, or let it stand again (D41)."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from cases.actions.corrections import REASON, withdrawn_already
from cases.forms.corrections import RestoreRowForm, WithdrawRowForm
from jobfirst.kit.editing import answer_form


def answer_withdrawal(request: AuthenticatedRequest, form: WithdrawRowForm, *, back_url: str) -> HttpResponse:
    """Answer the page that withdraws a row, which may be withdrawn already.

    Then the page says by whom, when and why; a reason that was typed is answered with 409 and kept.
    """
    if form.row.is_withdrawn and not form.is_bound:
        messages.info(request, withdrawn_already(form.row))
        return redirect(back_url)
    response = answer_form(request, form, back_url=back_url)
    if form.is_conflict:
        response.status_code = HTTPStatus.CONFLICT
    return response


def answer_restoring(request: AuthenticatedRequest, form: RestoreRowForm, *, back_url: str) -> HttpResponse:
    """Answer the page that lets a row stand again; a row that stands says so."""
    if not form.row.is_withdrawn:
        messages.info(request, _("It is not marked as entered in error: it stands."))
        return redirect(back_url)
    return answer_form(request, form, back_url=back_url)


def sends_reason(request: AuthenticatedRequest, field: str = REASON) -> bool:
    """Whether the request comes from the page's form; a tap on a list sends no reason, and gets the form."""
    return field in request.POST
