"""The page of one meeting of the steering group: while it is planned to write in, afterwards closed (D41).

One form with several buttons: whichever is pressed, the typed minutes are saved first. While somebody types,
htmx sends one point at a time.
"""

import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.requests import AuthenticatedRequest
from cases.forms.minutes import MinutesForm, TopicWithCode
from cases.presentation.meeting_page import UnsavedText
from cases.views.minute_drafts import answer_draft
from evaluation.steering.actions import minutes as actions
from evaluation.steering.actions.meetings import is_ahead
from evaluation.steering.agenda import TOPICS, decisions_beside
from evaluation.steering.areas import all_members, members_by_area
from evaluation.steering.forms.meetings import HoldMeetingForm
from evaluation.steering.forms.minutes import AddPointForm, GroupDecisionForm
from evaluation.steering.models import AddedPoint, SteeringDecision, SteeringMeeting, SteeringState
from evaluation.steering.presentation.invitations import invitations_of
from evaluation.steering.presentation.meeting import closed_context, draft_points
from evaluation.steering.views.common import group_url, meeting_url
from evaluation.steering.views.meetings import fetch_meeting
from jobfirst import clock
from jobfirst.kit.editing import edit_page, errors_as_message, errors_shown_in
from jobfirst.kit.pages import render_page, wants_fragment

#: The buttons beside "save": what is pressed stands in `act`, with the id of a row behind a colon.
HOLD, DONE, REMOVE, REMOVE_POINT = "hold", "done", "remove", "remove_point"


@edit_page
def meeting_page(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the meeting: while it is planned to write in, afterwards its closed minutes."""
    meeting = fetch_meeting(request, public_id)
    if request.method == "POST":
        return _save_draft(request, meeting) if wants_fragment(request) else _act(request, meeting)
    if meeting.state == SteeringState.PLANNED:
        return _planned_page(request, meeting, UnsavedText())
    return _closed_page(request, meeting)


def _minutes_form(request: AuthenticatedRequest, meeting: SteeringMeeting) -> MinutesForm:
    points: list[TopicWithCode] = [*TOPICS, *meeting.added_points.all()]
    return MinutesForm(request.POST, points)


def _save_draft(request: AuthenticatedRequest, meeting: SteeringMeeting) -> HttpResponse:
    """Answer htmx, which sends one point."""
    form = _minutes_form(request, meeting)
    return answer_draft(
        request,
        form,
        meeting.minutes.all(),
        lambda: actions.save_minutes(meeting, form.drafts, by=request.user),
    )


def _act(request: AuthenticatedRequest, meeting: SteeringMeeting) -> HttpResponse:
    """Save the minutes, a point and a decision that were begun, then do what the button says."""
    act, _colon, key = request.POST.get("act", "").partition(":")
    minutes = _minutes_form(request, meeting)
    minutes.is_valid()
    unsaved = UnsavedText(errors=minutes.errors_by_topic())
    try:
        unsaved.stale = actions.save_minutes(meeting, minutes.drafts, by=request.user)
    except ValidationError as error:
        return _refused_page(request, meeting, minutes, error)
    unsaved.texts = {code: minutes.typed(code) or "" for code in minutes.codes}
    begun = [
        form
        for form in (
            AddPointForm(request.POST, meeting=meeting),
            GroupDecisionForm(request.POST, meeting=meeting),
        )
        if form.is_begun and not _is_saved(form, request)
    ]
    is_complete = minutes.is_valid() and not unsaved.stale and not begun
    refused: dict[str, Any] = {form.prefix: form for form in begun if form.prefix}
    if act == HOLD:
        closing = HoldMeetingForm(request.POST, meeting=meeting, today=clock.today())
        if is_complete and _is_saved(closing, request):
            messages.success(request, _("The meeting is recorded as held."))
            return redirect(meeting_url(meeting))
        refused["hold"] = closing
    elif act in (DONE, REMOVE, REMOVE_POINT):
        with errors_as_message(request):
            _act_on_row(request, meeting, act, key)
    elif is_complete:
        messages.success(request, _("The draft is saved."))
        return redirect(meeting_url(meeting))
    status = HTTPStatus.CONFLICT if unsaved.stale else HTTPStatus.OK
    return _planned_page(request, meeting, unsaved, refused, status=status)


def _is_saved(
    form: AddPointForm | GroupDecisionForm | HoldMeetingForm, request: AuthenticatedRequest
) -> bool:
    """Save a form; return whether it was valid and the action did not refuse it."""
    if not form.is_valid():
        return False
    with errors_shown_in(form):
        form.save(by=request.user, today=clock.today())
    return not form.errors


def _act_on_row(request: AuthenticatedRequest, meeting: SteeringMeeting, act: str, key: str) -> None:
    """Mark an earlier decision as carried out, or take a decision or a point out of the draft."""
    rows: Any = AddedPoint if act == REMOVE_POINT else SteeringDecision
    try:
        row = rows.objects.select_related("meeting").get(
            public_id=uuid.UUID(key), meeting__project=meeting.project
        )
    except (ValueError, rows.DoesNotExist):
        raise ValidationError(_("Somebody else has taken this back meanwhile. Nothing is saved.")) from None
    if act == DONE:
        actions.mark_decision_done(row, done_on=clock.today(), by=request.user)
        messages.success(request, _("The decision is carried out."))
    elif act == REMOVE:
        actions.remove_decision(row)
        messages.success(request, _("The decision is taken out."))
    else:
        actions.remove_point(row)
        messages.success(request, _("The point is taken off the agenda."))


def _planned_page(
    request: AuthenticatedRequest,
    meeting: SteeringMeeting,
    unsaved: UnsavedText,
    refused: dict[str, Any] | None = None,
    *,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show the meeting to write in; `refused` are the forms with errors, by their prefix."""
    today = clock.today()
    forms = refused or {}
    members = all_members(meeting.project)
    decisions, in_draft = decisions_beside(meeting)
    areas = members_by_area(meeting.project, today, members)
    decision_form = forms.get("decision") or GroupDecisionForm(meeting=meeting)
    closing_form = forms.get("hold") or HoldMeetingForm(meeting=meeting, today=today)
    decision_form.offer(members)
    closing_form.offer(members)
    invitations = [] if meeting.planned_at <= clock.now() else invitations_of(meeting, members)
    context = {
        "meeting": meeting,
        "project": meeting.project,
        "on": today,
        "points": draft_points(meeting, today, unsaved, decisions),
        "followed_up": decisions,
        "invitations": invitations,
        "has_missed": any(sent.is_missed for sent in invitations),
        "decisions": in_draft,
        "missing": [area.missing for area in areas if area.missing],
        "point_form": forms.get("point") or AddPointForm(meeting=meeting),
        "decision_form": decision_form,
        "closing_form": closing_form,
        "is_ahead": is_ahead(meeting, today),
        "is_stale": bool(unsaved.stale),
        "back_url": group_url(meeting.project),
    }
    return render_page(request, "evaluation/steering/meeting.html", context, status=status)


def _closed_page(
    request: AuthenticatedRequest,
    meeting: SteeringMeeting,
    not_saved: list[tuple[str, str]] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show the meeting to read: its points as they are kept, minutes, decisions, and who came."""
    context = {
        "meeting": meeting,
        "project": meeting.project,
        "on": clock.today(),
        "not_saved": not_saved or [],
        "back_url": group_url(meeting.project),
        **closed_context(meeting),
    }
    return render_page(request, "evaluation/steering/meeting_closed.html", context, status=status)


def _refused_page(
    request: AuthenticatedRequest, meeting: SteeringMeeting, form: MinutesForm, error: ValidationError
) -> HttpResponse:
    """Answer a save of a meeting that is over: its minutes, and the typed texts that are not in them."""
    messages.error(request, " ".join(error.messages))
    meeting = fetch_meeting(request, meeting.public_id)
    titles = {topic.code: str(topic.title) for topic in TOPICS}
    titles |= {point.code: point.title for point in meeting.added_points.all()}
    stored = {minute.topic: minute.text for minute in meeting.minutes.all()}
    not_saved = [
        (titles[code], text)
        for code in form.codes
        if (text := (form.typed(code) or "").strip()) and text != stored.get(code, "").strip()
    ]
    decision = request.POST.get("decision-text", "").strip()
    if decision and not meeting.decisions.filter(text=decision).exists():
        not_saved.append((_("Who does what by when"), decision))
    return _closed_page(request, meeting, not_saved, HTTPStatus.CONFLICT)
