"""The page of one follow-up meeting: agenda, minutes, decisions, who came, and the next meeting (D18, D35).

One form with several buttons: whichever is pressed, the typed minutes are saved first, so that nothing is
lost without JavaScript either. While somebody types, htmx sends one topic at a time.
"""

import datetime
import uuid
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from audit.downloads import answers_with_file
from cases import actions
from cases.access import get_of_course_or_404
from cases.actions.meeting_corrections import record_of
from cases.actions.meetings import is_ahead, is_booked_alike
from cases.agenda import agenda_topics, topic_title
from cases.forms.meetings import CloseMeetingForm, CorrectMeetingForm
from cases.forms.minutes import CorrectMinuteForm, DecisionForm, MinutesForm
from cases.models import MEETING_DAY, FollowUpMeeting, MeetingDecision, MeetingState
from cases.presentation.agenda_topics import PROMISES
from cases.presentation.corrections import with_corrections
from cases.presentation.meeting_page import (
    UnsavedText,
    agenda_of,
    closed_topics,
    decision_lines,
    forgotten_topics,
    holder_names,
    meeting_corrections,
)
from cases.views.common import course_url, meeting_url
from cases.views.minute_drafts import answer_draft
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, errors_shown_in, form_data
from jobfirst.kit.pages import render_page, wants_fragment
from jobfirst.pdf.documents import pdf_response, render_pdf

MANAGE = "cases.manage_meetings"
#: The buttons beside "save": what is pressed stands in `act`, with the id of a decision behind a colon.
HOLD, DONE, REMOVE = "hold", "done", "remove"


@edit_page
def meeting_page(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the meeting: while it is booked to write in, afterwards its closed minutes."""
    perm = MANAGE if request.method == "POST" else "cases.view_course"
    meeting = _get(request, public_id, "course.meeting", perm)
    may_write = request.user.has_perm(MANAGE, meeting.course)
    if request.method == "POST":
        return _save_draft(request, meeting) if wants_fragment(request) else _act(request, meeting)
    if meeting.state == MeetingState.BOOKED and may_write:
        return _booked_page(request, meeting, UnsavedText())
    return _closed_page(request, meeting)


def _get(request: AuthenticatedRequest, public_id: uuid.UUID, action: str, perm: str) -> FollowUpMeeting:
    return get_of_course_or_404(request, FollowUpMeeting.objects.all(), public_id, action, perm)


def _save_draft(request: AuthenticatedRequest, meeting: FollowUpMeeting) -> HttpResponse:
    """Answer htmx, which sends one topic."""
    form = MinutesForm(request.POST, agenda_topics())
    return answer_draft(
        request,
        form,
        meeting.minutes.all(),
        lambda: actions.save_minutes(meeting, form.drafts, by=request.user),
    )


def _act(request: AuthenticatedRequest, meeting: FollowUpMeeting) -> HttpResponse:
    """Save the minutes and a decision that was begun, then do what the button says."""
    act, _colon, key = request.POST.get("act", "").partition(":")
    minutes = MinutesForm(request.POST, agenda_topics())
    minutes.is_valid()
    unsaved = UnsavedText(errors=minutes.errors_by_topic())
    try:
        unsaved.stale = actions.save_minutes(meeting, minutes.drafts, by=request.user)
    except ValidationError as error:
        if act == HOLD and _is_held_alike(request, meeting, minutes):
            return redirect(meeting_url(meeting))
        # Of two records of one meeting the first is stored; the page shows both.
        return _refused_page(request, meeting, minutes, error)
    unsaved.texts = {code: minutes.typed(code) or "" for code in minutes.codes}
    is_complete = minutes.is_valid() and not unsaved.stale
    decision = _begun_decision(request, meeting)
    if decision is not None and _is_saved(decision, request):
        decision = None  # the page offers an empty form for the next one
    is_complete &= decision is None
    closing = CloseMeetingForm(request.POST, meeting=meeting, today=clock.today())
    if act == HOLD:
        if is_complete and _is_saved(closing, request):
            messages.success(request, _("The meeting is recorded as held."))
            return redirect(meeting_url(meeting))
        if not FollowUpMeeting.objects.filter(pk=meeting.pk, state=MeetingState.BOOKED).exists():
            return _refused_page(
                request, meeting, minutes, ValidationError(closing.non_field_errors().as_data())
            )
    else:
        closing = CloseMeetingForm(meeting=meeting, today=clock.today(), initial=_typed(closing))
        if act in (DONE, REMOVE):
            with errors_as_message(request):
                _act_on_decision(request, meeting, act, key)
        elif is_complete:
            messages.success(request, _("The draft is saved."))
    status = HTTPStatus.CONFLICT if unsaved.stale else HTTPStatus.OK
    return _booked_page(request, meeting, unsaved, decision=decision, closing=closing, status=status)


def _begun_decision(request: AuthenticatedRequest, meeting: FollowUpMeeting) -> DecisionForm | None:
    """Return the form of the decision if something was typed into it."""
    holders = holder_names(meeting.course, clock.today())
    form = DecisionForm(request.POST, meeting=meeting, holders=holders)
    return form if form.is_begun else None


def _is_saved(form: DecisionForm | CloseMeetingForm, request: AuthenticatedRequest) -> bool:
    """Save a form; return whether it was valid and the action did not refuse it."""
    if not form.is_valid():
        return False
    with errors_shown_in(form):
        form.save(by=request.user, today=clock.today())
    return not form.errors


def _typed(form: CloseMeetingForm) -> dict[str, Any]:
    """Return what was typed into the form, to be shown again without being checked."""
    names = {name: form.add_prefix(name) for name in form.fields}
    return {
        name: form.fields[name].widget.value_from_datadict(form.data, {}, html_name)
        for name, html_name in names.items()
    }


def _act_on_decision(request: AuthenticatedRequest, meeting: FollowUpMeeting, act: str, key: str) -> None:
    """Mark a promise of an earlier meeting as done, or take a decision out of the draft."""
    decisions = MeetingDecision.objects.filter(course=meeting.course).select_related("meeting")
    try:
        decision = decisions.get(public_id=uuid.UUID(key))
    except (ValueError, MeetingDecision.DoesNotExist):
        raise ValidationError(_("Somebody else has taken this back meanwhile. Nothing is saved.")) from None
    if act == DONE:
        actions.mark_promise_done(decision, done_on=clock.today(), by=request.user)
        messages.success(request, _("The promise is done."))
    else:
        actions.remove_decision(decision)
        messages.success(request, _("The decision is taken out."))


def _booked_page(
    request: AuthenticatedRequest,
    meeting: FollowUpMeeting,
    unsaved: UnsavedText,
    *,
    decision: DecisionForm | None = None,
    closing: CloseMeetingForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    today = clock.today()
    terms = TrialTerms.objects.in_force_or_first(today)
    course = meeting.course
    promises = list(course.decisions.still_open().select_related("promised_by"))
    drafted = list(meeting.decisions.select_related("promised_by"))
    context = {
        "meeting": meeting,
        "course": course,
        "on": today,
        "topics": agenda_of(meeting, today, terms, unsaved),
        "promises_code": PROMISES,
        "promises": decision_lines(promises, course, today),
        "decisions": decision_lines(drafted, course, today),
        "decision_form": decision or DecisionForm(meeting=meeting, holders=holder_names(course, today)),
        "closing_form": closing or CloseMeetingForm(meeting=meeting, today=today),
        "is_ahead": is_ahead(meeting, today),
        "back_url": course_url(course, "meetings"),
        "is_stale": bool(unsaved.stale),
    }
    return render_page(request, "cases/meeting.html", context, status=status)


def _closed_page(
    request: AuthenticatedRequest,
    meeting: FollowUpMeeting,
    not_saved: list[tuple[str, str]] | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Show the meeting to read: its minutes, decisions, and who came."""
    today = clock.today()
    decisions = list(meeting.decisions.select_related("promised_by", "done_by"))
    with_corrections([meeting, *decisions])
    topics = closed_topics(meeting)
    context = {
        "meeting": meeting,
        "course": meeting.course,
        "on": today,
        "topics": topics,
        "forgotten": forgotten_topics(topic.code for topic in topics),
        "corrections": meeting_corrections(meeting),
        "decisions": decision_lines(decisions, meeting.course, today),
        "running": not meeting.course.has_ended(today),
        "attendees": list(meeting.attendees.order_by("name")),
        "invited": list(meeting.invited.order_by("name")),
        "may_manage": request.user.has_perm(MANAGE, meeting.course),
        "may_work": request.user.has_perm("cases.work_on_course", meeting.course),
        "not_saved": not_saved or [],
        **_what_follows(meeting, today),
        "back_url": course_url(meeting.course, "meetings"),
    }
    return render_page(request, "cases/meeting_closed.html", context, status=status)


def _what_follows(meeting: FollowUpMeeting, today: datetime.date) -> dict[str, Any]:
    """Return whether the meeting is the last one held, as corrected, and the next one that is booked."""
    others = meeting.course.meetings.exclude(pk=meeting.pk)
    day = meeting.corrected_on or meeting.held_on
    if day is None or others.counting().annotate(day=MEETING_DAY).filter(day__gt=day).exists():
        return {"is_latest": False}
    booked = others.filter(state=MeetingState.BOOKED, planned_at__date__gte=today)
    return {"is_latest": True, "following": booked.order_by("planned_at").first()}


def _refused_page(
    request: AuthenticatedRequest, meeting: FollowUpMeeting, form: MinutesForm, error: ValidationError
) -> HttpResponse:
    """Answer a save of a meeting that is over: its minutes, and the typed texts that are not in them."""
    messages.error(request, " ".join(error.messages))
    meeting = _get(request, meeting.public_id, "course.meeting", MANAGE)
    not_saved = _texts_not_saved(request, meeting, form)
    if request.POST.get("act") == HOLD:
        not_saved = [*_record_not_saved(request, meeting), *not_saved]
    return _closed_page(request, meeting, not_saved, HTTPStatus.CONFLICT)


def _is_held_alike(request: AuthenticatedRequest, meeting: FollowUpMeeting, form: MinutesForm) -> bool:
    """Whether the meeting is held just as this form says: the same form was sent twice."""
    return not _texts_not_saved(request, meeting, form) and not _record_not_saved(request, meeting)


def _record_not_saved(request: AuthenticatedRequest, meeting: FollowUpMeeting) -> list[tuple[str, str]]:
    """Return what the form says of who came, the day and the next meeting that is not stored."""
    closing = CloseMeetingForm(request.POST, meeting=meeting, today=clock.today())
    if not closing.is_valid():
        return [(_("Close the meeting"), " ".join(errors_of(closing)))]
    typed = closing.cleaned_data
    stored = FollowUpMeeting.objects.get(pk=meeting.pk)
    people = sorted(typed["attendees"], key=str)
    not_saved = []
    is_same = stored.held_on == typed["held_on"] and set(stored.attendees.all()) == set(people)
    if not is_same:
        names = ", ".join([meeting.course.citizen_name, *map(str, people)])
        not_saved.append((_("The meeting was held"), f"{date_format(typed['held_on'])}: {names}"))
    if typed["planned_at"] is not None:
        following = actions.NewMeeting(typed["planned_at"], typed["place"])
        if not is_booked_alike(meeting.course, following):
            words = date_format(timezone.localtime(typed["planned_at"]), "DATETIME_FORMAT")
            not_saved.append((_("Next meeting"), ", ".join(filter(None, [words, typed["place"]]))))
    return not_saved


def errors_of(form: CloseMeetingForm) -> list[str]:
    """Return the errors of all fields."""
    return [str(error) for errors in form.errors.values() for error in errors]


def _texts_not_saved(
    request: AuthenticatedRequest, meeting: FollowUpMeeting, form: MinutesForm
) -> list[tuple[str, str]]:
    """Return the typed texts that are not in the stored minutes, each with its title."""
    stored = {minute.topic: minute.text for minute in meeting.minutes.all()}
    not_saved = [
        (topic_title(code), text)
        for code in form.codes
        if (text := (form.typed(code) or "").strip()) and text != stored.get(code, "").strip()
    ]
    decision = request.POST.get("decision-text", "").strip()
    if decision and not meeting.decisions.filter(text=decision).exists():
        not_saved.append((_("Who does what by when"), decision))
    return not_saved


@edit_page
def correct_minute(request: AuthenticatedRequest, public_id: uuid.UUID, topic: str) -> HttpResponse:
    """Correct the closed minutes of a topic, or add one that was forgotten (D41)."""
    meeting = _get(request, public_id, "course.meeting", MANAGE)
    topics = {closed.code: closed for closed in closed_topics(meeting)}
    forgotten = {missing.code: missing for missing in forgotten_topics(topics)}
    if meeting.state != MeetingState.HELD or topic not in {*topics, *forgotten}:
        raise Http404
    closed = topics.get(topic) or forgotten[topic]
    form = CorrectMinuteForm(
        form_data(request),
        meeting=meeting,
        topic=topic,
        is_forgotten=topic in forgotten,
        version=len(closed.corrections),
        initial={"text": closed.current_text},
    )
    return answer_form(request, form, back_url=meeting_url(meeting))


@edit_page
def correct_meeting(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct who came to a held meeting, or its day (D41)."""
    meeting = _get(request, public_id, "course.meeting", MANAGE)
    if meeting.state != MeetingState.HELD:
        raise Http404
    corrections = meeting_corrections(meeting)
    form = CorrectMeetingForm(
        form_data(request),
        meeting=meeting,
        record=record_of(meeting, corrections),
        today=clock.today(),
        version=len(corrections),
    )
    return answer_form(request, form, back_url=meeting_url(meeting))


@answers_with_file
@require_safe
def meeting_pdf(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Return the minutes of a held meeting as a PDF for the citizen."""
    meeting = _get(request, public_id, "course.meeting.pdf", "cases.view_course")
    if meeting.state != MeetingState.HELD or meeting.was_not_held:
        raise Http404
    course, planned_at = meeting.course, meeting.planned_at
    corrections = meeting_corrections(meeting)
    record = record_of(meeting, corrections)
    following = course.meetings.filter(state=MeetingState.BOOKED, planned_at__date__gt=record.held_on)
    context = {
        "meeting": meeting,
        "course": course,
        "held_on": record.held_on,
        "citizen_present": record.citizen_present,
        "correction": corrections[-1] if corrections else None,
        "attendees": sorted(record.attendees, key=str),
        "topics": [closed for closed in closed_topics(meeting) if closed.current_text],
        "decisions": decision_lines(
            list(meeting.decisions.promised().select_related("promised_by")), course, clock.today()
        ),
        "begun_at": planned_at if planned_at and timezone.localdate(planned_at) == record.held_on else None,
        "next_meeting": following.order_by("planned_at").first(),
    }
    name = f"referat-{record.held_on:%Y-%m-%d}-{str(meeting.public_id)[:8]}.pdf"
    return pdf_response(render_pdf("cases/meeting_pdf.html", context), name)
