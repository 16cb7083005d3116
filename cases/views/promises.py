"""Promises of held meetings: done, not done after all, corrected, written in error (D35, D41)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedRequest
from cases import actions
from cases.access import get_of_course_or_404
from cases.actions.corrections import REASON, may_restore_at_once
from cases.actions.minutes import may_reopen_at_once
from cases.forms.minutes import CorrectPromiseForm, ReopenPromiseForm, RestorePromiseForm, WithdrawPromiseForm
from cases.models import MeetingDecision, MeetingState
from cases.presentation.meeting_page import holder_names
from cases.views.common import course_url
from cases.views.withdrawals import (
    answer_restoring,
    answer_row_act,
    answer_withdrawal,
    sends_reason,
)
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data


@require_POST
def promise_done(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that a promise is done."""
    decision = _promise(request, public_id)
    with errors_as_message(request):
        actions.mark_promise_done(decision, done_on=clock.today(), by=request.user)
        messages.success(request, _("The promise is changed."))
    return redirect(course_url(decision.course, "promises"))


@edit_page
def reopen_promise(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that a promise is not done after all; a slip of one's own by one tap."""
    decision = _promise(request, public_id)
    is_open = decision.done_on is None
    is_answered = is_open or may_reopen_at_once(decision, request.user) or REASON in request.POST
    form = ReopenPromiseForm(
        form_data(request) if is_answered else None, decision=decision, user=request.user
    )
    return answer_row_act(request, form, back_url=course_url(decision.course, "promises"))


@edit_page
def correct_promise(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the day or the owner of a promise."""
    decision = _promise(request, public_id)
    if decision.is_withdrawn or decision.meeting.state != MeetingState.HELD:
        raise Http404
    form = CorrectPromiseForm(
        form_data(request),
        instance=decision,
        holders=holder_names(decision.course, clock.today()),
        user=request.user,
    )
    return answer_form(request, form, back_url=course_url(decision.course, "promises"))


@edit_page
def withdraw_promise(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a promise that was written in error."""
    decision = _promise(request, public_id)
    form = WithdrawPromiseForm(form_data(request), row=decision, is_own_slip=False, intro=decision.text)
    return answer_withdrawal(request, form, back_url=course_url(decision.course, "promises"))


@edit_page
def restore_promise(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a promise stand again that was withdrawn by mistake; a slip of one's own by one tap."""
    decision = _promise(request, public_id)
    is_answered = sends_reason(request) or may_restore_at_once(decision, request.user)
    form = RestorePromiseForm(
        form_data(request) if is_answered else None, row=decision, user=request.user, intro=decision.text
    )
    return answer_restoring(request, form, back_url=course_url(decision.course, "promises"))


def _promise(request: AuthenticatedRequest, public_id: uuid.UUID) -> MeetingDecision:
    return get_of_course_or_404(
        request,
        MeetingDecision.objects.select_related("meeting"),
        public_id,
        "course.promise",
        "cases.work_on_course",
    )
