"""Pages that correct needs, efforts and accommodations, or withdraw them (D11, D41)."""

import uuid
from typing import Any

from django.http import HttpResponse

from accounts.requests import AuthenticatedRequest
from cases.access import get_of_course_or_404
from cases.actions.corrections import may_restore_at_once
from cases.forms.support_corrections import (
    CorrectAccommodationForm,
    CorrectEffortForm,
    CorrectNeedForm,
    CorrectSupportForm,
    RestoreSupportForm,
    WithdrawSupportForm,
)
from cases.models import Accommodation, ParallelEffort, UncoveredNeed
from cases.views.common import course_url
from cases.views.withdrawals import answer_restoring, answer_withdrawal, sends_reason
from jobfirst.kit.editing import answer_form, edit_page, form_data

#: Who manages the rows of each kind: the same as may record them.
PERMS = {
    UncoveredNeed: "cases.manage_needs",
    ParallelEffort: "cases.manage_needs",
    Accommodation: "cases.work_on_course",
}


def _row(request: AuthenticatedRequest, public_id: uuid.UUID, model: Any) -> Any:
    return get_of_course_or_404(request, model.objects.all(), public_id, "course.needs", PERMS[model])


def _row_or_withdrawn(request: AuthenticatedRequest, public_id: uuid.UUID, model: Any) -> Any:
    return get_of_course_or_404(request, model.everything.all(), public_id, "course.needs", PERMS[model])


def _correct(
    request: AuthenticatedRequest, public_id: uuid.UUID, model: Any, form_class: type[CorrectSupportForm]
) -> HttpResponse:
    row = _row(request, public_id, model)
    form = form_class(form_data(request), instance=row)
    return answer_form(request, form, back_url=course_url(row.course, "support"))


def _withdraw(request: AuthenticatedRequest, public_id: uuid.UUID, model: Any) -> HttpResponse:
    row = _row_or_withdrawn(request, public_id, model)
    form = WithdrawSupportForm(form_data(request), row=row, is_own_slip=False, intro=row.description)
    return answer_withdrawal(request, form, back_url=course_url(row.course, "support"))


def _restore(request: AuthenticatedRequest, public_id: uuid.UUID, model: Any) -> HttpResponse:
    row = _row_or_withdrawn(request, public_id, model)
    is_answered = sends_reason(request) or may_restore_at_once(row, request.user)
    form = RestoreSupportForm(
        form_data(request) if is_answered else None, row=row, user=request.user, intro=row.description
    )
    return answer_restoring(request, form, back_url=course_url(row.course, "support"))


@edit_page
def correct_need(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a need, and when and how it was covered."""
    return _correct(request, public_id, UncoveredNeed, CorrectNeedForm)


@edit_page
def withdraw_need(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a need that was noted in error."""
    return _withdraw(request, public_id, UncoveredNeed)


@edit_page
def restore_need(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a need stand again that was withdrawn by mistake."""
    return _restore(request, public_id, UncoveredNeed)


@edit_page
def correct_effort(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a parallel effort."""
    return _correct(request, public_id, ParallelEffort, CorrectEffortForm)


@edit_page
def withdraw_effort(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a parallel effort that was recorded in error."""
    return _withdraw(request, public_id, ParallelEffort)


@edit_page
def restore_effort(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a parallel effort stand again that was withdrawn by mistake."""
    return _restore(request, public_id, ParallelEffort)


@edit_page
def correct_accommodation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the words and the days of an accommodation."""
    return _correct(request, public_id, Accommodation, CorrectAccommodationForm)


@edit_page
def withdraw_accommodation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw an accommodation that was recorded in error."""
    return _withdraw(request, public_id, Accommodation)


@edit_page
def restore_accommodation(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let an accommodation stand again that was withdrawn by mistake."""
    return _restore(request, public_id, Accommodation)
