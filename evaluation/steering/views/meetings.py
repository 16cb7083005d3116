"""Meetings of the steering group: plan, move, cancel; corrections of held ones; decisions (D41)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedRequest
from cases.actions.corrections import REASON, may_restore_at_once
from cases.views.withdrawals import answer_restoring, answer_row_act, answer_withdrawal, sends_reason
from evaluation.steering.actions import meetings as meeting_actions
from evaluation.steering.actions import minutes as minute_actions
from evaluation.steering.forms.meetings import (
    CancelSteeringMeetingForm,
    CorrectSteeringMeetingForm,
    MoveSteeringMeetingForm,
    PlanMeetingForm,
)
from evaluation.steering.forms.minutes import (
    CorrectSteeringMinuteForm,
    ReopenDecisionForm,
    RestoreDecisionForm,
    WithdrawDecisionForm,
)
from evaluation.steering.models import SteeringDecision, SteeringMeeting, SteeringState
from evaluation.steering.presentation.meeting import closed_points
from evaluation.steering.views.common import (
    group_url,
    led_project_or_404,
    meeting_url,
    of_led_project_or_404,
)
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data

PAGE = "evaluation.steering"


def fetch_meeting(request: AuthenticatedRequest, public_id: uuid.UUID) -> SteeringMeeting:
    """Return the meeting of a project that the user leads."""
    meetings = SteeringMeeting.objects.select_related("project", "closed_by")
    return of_led_project_or_404(request, meetings, public_id, PAGE)


@edit_page
def plan_meeting(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Plan a meeting and invite the members."""
    project = led_project_or_404(request, slug, PAGE)
    form = PlanMeetingForm(form_data(request), project=project)
    return answer_form(request, form, back_url=group_url(project), success_url=meeting_url)


@edit_page
def move_meeting(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Move a planned meeting."""
    meeting = fetch_meeting(request, public_id)
    form = MoveSteeringMeetingForm(form_data(request), instance=meeting)
    return answer_form(request, form, back_url=meeting_url(meeting))


@edit_page
def cancel_meeting(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Cancel a planned meeting."""
    meeting = fetch_meeting(request, public_id)
    form = CancelSteeringMeetingForm(form_data(request), instance=meeting)
    return answer_form(request, form, back_url=meeting_url(meeting))


@require_POST
def plan_again(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a meeting that was cancelled by mistake be planned again."""
    meeting = fetch_meeting(request, public_id)
    with errors_as_message(request):
        meeting_actions.plan_again(meeting)
        messages.success(request, _("The meeting is planned, and the members are invited."))
    return redirect(meeting_url(meeting))


@edit_page
def correct_meeting(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct the day of a held meeting, or who came (D41)."""
    meeting = fetch_meeting(request, public_id)
    if meeting.state != SteeringState.HELD:
        raise Http404
    form = CorrectSteeringMeetingForm(form_data(request), meeting=meeting)
    return answer_form(request, form, back_url=meeting_url(meeting))


@edit_page
def correct_minute(request: AuthenticatedRequest, public_id: uuid.UUID, topic: str) -> HttpResponse:
    """Correct the closed minutes of a point (D41)."""
    meeting = fetch_meeting(request, public_id)
    points = {closed.point.code: closed for closed in closed_points(meeting)}
    if topic not in points:
        raise Http404
    closed = points[topic]
    form = CorrectSteeringMinuteForm(
        form_data(request),
        meeting=meeting,
        topic=topic,
        intro=closed.point.title,
        version=len(closed.corrections),
        initial={"text": closed.current_text},
    )
    return answer_form(request, form, back_url=meeting_url(meeting))


@require_POST
def decision_done(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that a decision is carried out."""
    decision = _decision(request, public_id)
    with errors_as_message(request):
        minute_actions.mark_decision_done(decision, done_on=clock.today(), by=request.user)
        messages.success(request, _("The decision is carried out."))
    return redirect(group_url(decision.meeting.project))


@edit_page
def reopen_decision(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Record that a decision is not carried out after all; a slip of one's own by one tap."""
    decision = _decision(request, public_id)
    is_open = decision.done_on is None
    at_once = minute_actions.may_reopen_at_once(decision, request.user)
    is_answered = is_open or at_once or REASON in request.POST
    form = ReopenDecisionForm(
        form_data(request) if is_answered else None, decision=decision, user=request.user
    )
    return answer_row_act(request, form, back_url=meeting_url(decision.meeting))


@edit_page
def withdraw_decision(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Withdraw a decision that was written in error."""
    decision = _decision(request, public_id)
    form = WithdrawDecisionForm(form_data(request), row=decision, is_own_slip=False, intro=decision.text)
    return answer_withdrawal(request, form, back_url=meeting_url(decision.meeting))


@edit_page
def restore_decision(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Let a decision stand again that was withdrawn by mistake; a slip of one's own by one tap."""
    decision = _decision(request, public_id)
    is_answered = sends_reason(request) or may_restore_at_once(decision, request.user)
    form = RestoreDecisionForm(
        form_data(request) if is_answered else None, row=decision, user=request.user, intro=decision.text
    )
    return answer_restoring(request, form, back_url=meeting_url(decision.meeting))


def _decision(request: AuthenticatedRequest, public_id: uuid.UUID) -> SteeringDecision:
    decisions = SteeringDecision.objects.select_related("meeting__project")
    return of_led_project_or_404(request, decisions, public_id, PAGE, project="meeting__project")
