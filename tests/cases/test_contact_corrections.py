"""A contact entered in error is corrected or withdrawn with its reason; a slip of one's own without (D41)."""

import datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from audit.corrections import corrections_of
from cases import actions
from cases.actions import contact_import
from cases.models import CourseFunction, FunctionHolding, MentorContact
from cases.rules.slips import is_slip
from jobfirst.values.dates import DAY
from reminders import deadlines
from reminders.models import Deadline
from tests.concurrency import run_at_once
from tests.factories import MentorContactFactory, UserFactory
from tests.validation import error_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

MONDAY = datetime.date(2016, 5, 16)
CORRECTED = {"citizen_present": True, "channel": "phone", "note": ""}


@pytest.fixture
def imported(course):
    """A contact that a command has imported: it has no user."""
    contact = contact_import.ImportedContact(course, MONDAY, False, True)
    contact_import.record_contacts([contact])
    return MentorContact.objects.get()


@pytest.fixture
def owner(course, project):
    """Somebody else of the team: the course owner."""
    user = UserFactory(project=project, roles=["course_owner"])
    FunctionHolding.objects.filter(course=course, function=CourseFunction.COURSE_OWNER).update(user=user)
    return user


def address(name, contact):
    return reverse(f"cases:{name}", args=[contact.public_id])


@pytest.mark.parametrize(
    ("registered_by", "by", "minutes", "expected"),
    [(1, 1, 0, True), (1, 1, 60, True), (1, 1, 61, False), (1, 2, 0, False), (None, 1, 0, False)],
)
def test_a_slip_is_ones_own_and_at_most_an_hour_old(registered_by, by, minutes, expected):
    now = datetime.datetime(2016, 5, 18, 12, 0, tzinfo=datetime.UTC)
    registered_at = now - datetime.timedelta(minutes=minutes)
    assert is_slip(registered_by, registered_at, by, now) is expected


def test_a_withdrawn_contact_counts_nowhere_and_its_row_stays(imported, holder):
    deadlines.recompute()
    actions.withdraw_contact(imported, by=holder, reason="Forkert borger")
    assert not MentorContact.objects.exists()
    stored = MentorContact.everything.get()
    assert (stored.withdrawn_by, stored.withdrawn_reason) == (holder, "Forkert borger")
    rows = Deadline.objects.filter(kind="weekly_contact_missing", subject=str(imported.course.public_id))
    assert rows.unsettled_on(datetime.date(2016, 5, 19)).exists()
    assert list(deadlines.differences()) == []


def test_an_import_does_not_bring_a_withdrawn_contact_back(imported, holder, course):
    actions.withdraw_contact(imported, by=holder, reason="Forkert borger")
    again = contact_import.ImportedContact(course, MONDAY, False, True)
    assert contact_import.record_contacts([again]).created == 0
    assert not MentorContact.objects.exists()


def test_an_imported_contact_is_not_withdrawn_or_corrected_without_a_reason(imported, holder):
    with pytest.raises(ValidationError) as refused:
        actions.withdraw_contact(imported, by=holder)
    assert error_codes(refused) == {"withdrawn_reason": "no_reason"}
    with pytest.raises(ValidationError) as refused:
        actions.correct_contact(imported, held_on=MONDAY + DAY, by=holder, **CORRECTED)
    assert error_codes(refused) == {"correction_reason": "no_reason"}


def test_a_note_and_how_it_was_made_are_added_without_a_reason(imported, holder):
    added = {"held_on": MONDAY, "citizen_present": True, "channel": "phone", "note": "Ringede kl. 9"}
    contact = actions.correct_contact(imported, by=holder, **added)
    assert contact.note == "Ringede kl. 9"


def test_a_correction_keeps_its_reason_and_what_stood_there(imported, holder):
    actions.correct_contact(imported, held_on=MONDAY + DAY, by=holder, reason="Forkert dag", **CORRECTED)
    (correction,) = corrections_of([imported])[imported.public_id]
    assert (correction.reason, correction.made_by) == ("Forkert dag", holder)
    assert correction.before == {"held_on": "2016-05-16", "channel": "unknown"}


def test_the_page_shows_the_correction_and_the_withdrawn_contact(as_user, imported, holder, course):
    actions.correct_contact(imported, held_on=MONDAY + DAY, by=holder, reason="Forkert dag", **CORRECTED)
    actions.withdraw_contact(imported, by=holder, reason="Slet ikke ringet")
    page = as_user(holder).get(reverse("cases:course_meetings", args=[course.public_id])).content.decode()
    assert "Forkert dag" in page
    assert "(før: dato: 16. maj 2016" in page
    assert "1 fejlregistreret kontakt" in page
    assert "Slet ikke ringet" in page


def test_one_tap_undoes_ones_own_slip_and_an_hour_later_the_reason_is_asked_for(as_user, holder, course):
    contact = actions.register_contact(course, held_on=MONDAY, by=holder)
    with time_machine.travel("2016-05-18T14:00:00+02:00", tick=False):
        late = as_user(holder).post(address("withdraw_contact", contact))
    assert "Hvorfor er det fejlregistreret?" in late.content.decode()
    assert as_user(holder).post(address("withdraw_contact", contact)).status_code == 302
    assert MentorContact.everything.get().withdrawn_reason == ""


def test_the_leader_and_the_team_correct_an_imported_contact(as_user, leader, owner, imported):
    data = {"held_on": "2016-05-17", "channel": "phone", "citizen_present": "on", "version": "1"}
    page = as_user(leader).post(address("correct_contact", imported), data)
    assert "Skriv, hvorfor det rettes." in page.content.decode()
    saved = as_user(leader).post(
        address("correct_contact", imported), {**data, "correction_reason": "Tastefejl"}
    )
    assert saved.status_code == 302
    response = as_user(owner).post(address("withdraw_contact", imported), {"withdrawn_reason": "Forkert"})
    assert response.status_code == 302
    assert MentorContact.everything.get().withdrawn_by == owner


def test_a_withdrawn_contact_stands_again(as_user, holder, imported):
    deadlines.recompute()
    actions.withdraw_contact(imported, by=holder, reason="Forkert borger")
    assert as_user(holder).get(address("correct_contact", imported)).status_code == 404
    as_user(holder).post(address("restore_contact", imported))
    assert MentorContact.objects.get() == imported
    assert list(deadlines.differences()) == []


def test_a_reason_holds_no_cpr_number(as_user, holder, imported):
    response = as_user(holder).post(
        address("withdraw_contact", imported), {"withdrawn_reason": "Skulle være 010170-1234"}
    )
    assert "ligner et CPR-nummer" in response.content.decode()


def test_the_form_of_a_contact_that_was_undone_makes_no_second_one(course, holder):
    submission = "7b5b4b0e-6a57-4dd5-8f4e-0f1d4d3a5f11"
    contact = actions.register_contact(course, held_on=MONDAY, by=holder, submission=submission)
    actions.withdraw_contact(contact, by=holder)
    with pytest.raises(ValidationError) as refused:
        actions.register_contact(course, held_on=MONDAY, by=holder, submission=submission)
    assert refused.value.code == "withdrawn"


def test_the_database_wants_to_know_who_withdrew_a_contact(imported):
    rows = MentorContact.everything.filter(pk=imported.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(withdrawn_reason="Uden nogen")


@pytest.mark.django_db(transaction=True)
def test_a_delivery_during_a_withdrawal_brings_nothing_back(course, holder):
    contact = MentorContactFactory(course=course, held_on=MONDAY)
    again = contact_import.ImportedContact(course, MONDAY, False, True)
    run_at_once(
        [
            lambda: actions.withdraw_contact(contact, by=holder, reason="Forkert"),
            lambda: contact_import.record_contacts([again]),
        ]
    )
    assert MentorContact.everything.get().is_withdrawn
