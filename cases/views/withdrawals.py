"""Answers of the pages that withdraw a row as entered in error, or let it stand again (D41)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.requests import AuthenticatedRequest
from cases.actions.corrections import REASON, standing_already, withdrawn_already
from cases.forms.corrections import RestoreRowForm, WithdrawRowForm, is_conflict
from jobfirst.kit.editing import answer_form


def answer_withdrawal(request: AuthenticatedRequest, form: WithdrawRowForm, *, back_url: str) -> HttpResponse:
    """Answer the page that withdraws a row, which may be withdrawn already.

    Then the page says by whom, when and why; a reason that was typed is answered with 409 and kept.
    """
    if form.row.is_withdrawn and not form.is_bound:
        messages.info(request, withdrawn_already(form.row))
        return redirect(back_url)
    return answer_row_act(request, form, back_url=back_url)


def answer_restoring(request: AuthenticatedRequest, form: RestoreRowForm, *, back_url: str) -> HttpResponse:
    """Answer the page that lets a row stand again, which may stand already.

    Then the page says so; a reason that was typed is answered with 409 and kept.
    """
    if not form.row.is_withdrawn and not form.is_bound:
        messages.info(request, standing_already(None))
        return redirect(back_url)
    return answer_row_act(request, form, back_url=back_url)


def answer_row_act(
    request: AuthenticatedRequest,
    form: Any,
    *,
    back_url: str,
    success_url: Callable[[Any], str] | None = None,
    **page: Any,
) -> HttpResponse:
    """Answer as `answer_form`; with 409 when somebody else's act since the page was opened is in the way."""
    response = answer_form(request, form, back_url=back_url, success_url=success_url, **page)
    if is_conflict(form):
        response.status_code = HTTPStatus.CONFLICT
    return response


def sends_reason(request: AuthenticatedRequest, field: str = REASON) -> bool:
    """Whether the request comes from the page's form; a tap on a list sends no reason, and gets the form."""
    return field in request.POST
