"""A promise of a held meeting gets another day or owner, and a forgotten topic is added (D35, D41)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from audit.corrections import corrections_of
from cases.actions.minutes import correct_promise, withdraw_promise
from cases.models import MeetingDecision
from jobfirst.kit.versioned import StaleError
from jobfirst.values.dates import DAY
from reminders import deadlines
from reminders.models import Deadline
from tests.factories import MeetingDecisionFactory
from tests.validation import error_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

LATER = datetime.date(2016, 6, 1)


@pytest.fixture
def promise(course, holder):
    promise = MeetingDecisionFactory(course=course, promised_by=holder, registered_by=holder)
    deadlines.recompute()
    return promise


def corrected(promise, by, **values):
    current = {"function": promise.function, "due_on": promise.due_on, "reason": "Hørte forkert"}
    return correct_promise(promise, by=by, **{**current, **values})


def test_another_day_is_owed_and_the_entry_keeps_the_first(promise, leader):
    before = promise.due_on.isoformat()
    corrected(promise, leader, due_on=LATER)
    row = Deadline.objects.get(kind="promise_due_mentor")
    assert row.due_on == LATER
    (entry,) = corrections_of([promise])[promise.public_id]
    assert (entry.before, entry.reason, entry.made_by) == ({"due_on": before}, "Hørte forkert", leader)
    assert list(deadlines.differences()) == []


def test_another_owner_is_whoever_held_the_function_then(promise, leader, holder):
    assert corrected(promise, leader, function="citizen").promised_by is None
    assert corrected(promise, leader, function="job_consultant").promised_by == holder
    assert list(deadlines.differences()) == []


def test_somebody_else_gives_a_reason_and_a_slip_needs_none(promise, leader, holder):
    with pytest.raises(ValidationError) as refused:
        corrected(promise, leader, due_on=LATER, reason="")
    assert error_codes(refused) == {"correction_reason": "no_reason"}
    assert corrected(promise, holder, due_on=LATER, reason="").due_on == LATER


def test_a_day_before_the_meeting_a_stale_form_and_a_withdrawn_promise_are_refused(promise, leader):
    with pytest.raises(ValidationError) as refused:
        corrected(promise, leader, due_on=promise.meeting.held_on - DAY)
    assert set(error_codes(refused)) == {"due_on"}
    with pytest.raises(StaleError):
        corrected(promise, leader, due_on=LATER, version=promise.version - 1)
    withdraw_promise(promise, by=leader, reason="Forkert")
    with pytest.raises(ValidationError) as refused:
        corrected(promise, leader, due_on=LATER)
    assert refused.value.code == "withdrawn"


def test_the_words_of_a_promise_stay_closed(promise):
    with pytest.raises(DatabaseError), transaction.atomic():
        MeetingDecision.objects.update(text="Andet")


def test_the_page_corrects_a_promise_and_shows_what_it_was(as_user, leader, promise):
    client = as_user(leader)
    address = reverse("cases:correct_promise", args=[promise.public_id])
    assert "Ret aftalen" in client.get(address).content.decode()
    typed = {"function": "citizen", "due_on": "2016-06-01", "version": promise.version}
    assert client.post(address, typed).status_code == 200
    assert client.post(address, {**typed, "correction_reason": "Borgeren ringer selv"}).status_code == 302
    page = client.get(reverse("cases:meeting", args=[promise.meeting.public_id])).content.decode()
    assert "Borgeren ringer selv" in page
    assert "18. april 2016" in page


def test_a_topic_that_was_forgotten_is_added_beside_the_closed_minutes(as_user, leader, promise):
    client = as_user(leader)
    meeting = reverse("cases:meeting", args=[promise.meeting.public_id])
    address = reverse("cases:correct_minute", args=[promise.meeting.public_id, "cv"])
    assert address in client.get(meeting).content.decode()
    assert "Tilføj et glemt emne" in client.get(address).content.decode()
    typed = {"text": "CV'et er gennemgået", "reason": "Glemt på mødet", "version": 0}
    assert client.post(address, typed).status_code == 302
    page = client.get(meeting).content.decode()
    assert "CV&#x27;et er gennemgået" in page
    assert "Glemt på mødet" in page
    unknown = reverse("cases:correct_minute", args=[promise.meeting.public_id, "vejret"])
    assert client.get(unknown).status_code == 404
