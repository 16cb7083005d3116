"""A form that is saved while somebody else deletes its row is answered with a message, not an error page."""

import datetime

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cases.actions import withdraw_contact
from cases.forms.contacts import CorrectMentorContactForm
from cases.models import MentorContact
from companies.actions import placements
from companies.forms.placement_changes import ChangeHoursForm, EndPlacementForm, WithdrawPlacementForm
from companies.forms.placements import RenewPlacementForm
from companies.models import Placement
from tests.concurrency import BackgroundAction, run_at_once
from tests.factories import MentorContactFactory, PlacementFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

MESSAGE = "En anden har slettet dette i mellemtiden. Intet er gemt."


@pytest.fixture
def delete_before_save(monkeypatch):
    """Deletes a row after the view has fetched it and before the form's action locks the course."""

    def prepare(form_class, row):
        save = form_class.save

        def save_too_late(form, **arguments):
            type(row)._base_manager.filter(pk=row.pk).delete()
            return save(form, **arguments)

        monkeypatch.setattr(form_class, "save", save_too_late)

    return prepare


def test_a_contact_that_was_deleted_meanwhile(as_user, holder, course, delete_before_save) -> None:
    contact = MentorContactFactory(course=course, registered_by=holder)
    delete_before_save(CorrectMentorContactForm, contact)
    data = {
        "held_on": "2016-05-10",
        "citizen_present": "on",
        "channel": "phone",
        "note": "Mit notat",
        "version": "1",
    }
    response = as_user(holder).post(reverse("cases:correct_contact", args=[contact.public_id]), data)
    assert response.status_code == 409
    page = response.content.decode()
    assert MESSAGE in page
    assert "Mit notat" in page


@pytest.mark.parametrize(
    ("name", "form_class", "data"),
    [
        (
            "hours",
            ChangeHoursForm,
            {"from_on": "2016-05-02", "internship_hours": "1", "ordinary_hours": "1", "version": "1"},
        ),
        ("end", EndPlacementForm, {"ended_on": "2016-08-10", "end_reason": "other_work", "version": "1"}),
        ("withdraw_as_error", WithdrawPlacementForm, {"withdrawn_reason": "Forkert", "version": "1"}),
        (
            "renew",
            RenewPlacementForm,
            {
                "starts_on": "2016-09-01",
                "planned_end_on": "2016-10-30",
                "internship_hours": "1",
                "ordinary_hours": "1",
            },
        ),
    ],
)
def test_a_placement_that_was_deleted_meanwhile(
    as_user, holder, course, delete_before_save, name, form_class, data
) -> None:
    placement = PlacementFactory(course=course, starts_on=datetime.date(2016, 8, 1))
    delete_before_save(form_class, placement)
    response = as_user(holder).post(reverse(f"companies:{name}", args=[placement.public_id]), data)
    assert MESSAGE in response.content.decode()
    assert not Placement.everything.exists()


def test_a_placement_is_deleted_twice_at_once_without_an_error(course) -> None:
    placement = PlacementFactory(course=course, starts_on=datetime.date(2016, 8, 1))
    for _twice in range(2):
        placements.withdraw_placement(
            Placement(pk=placement.pk, course=course), today=datetime.date(2016, 5, 18)
        )
    assert not Placement.everything.exists()


@pytest.mark.django_db(transaction=True)
def test_a_correction_that_waits_for_the_withdrawal_of_the_contact(as_user, holder, course) -> None:
    contact = MentorContactFactory(course=course, registered_by=holder)
    address = reverse("cases:correct_contact", args=[contact.public_id])
    data = {
        "held_on": "2016-05-10",
        "citizen_present": "on",
        "channel": "phone",
        "note": "Mit notat",
        "version": "1",
    }
    client = as_user(holder)
    with transaction.atomic():
        withdraw_contact(contact, by=holder)
        correction = BackgroundAction(lambda: client.post(address, data))
        assert correction.is_waiting()
    response = correction.join()
    assert response.status_code == 409
    assert MESSAGE in response.content.decode()
    assert not MentorContact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_new_hours_that_wait_for_the_withdrawal_of_the_placement(as_user, holder, course) -> None:
    placement = PlacementFactory(course=course, starts_on=datetime.date(2016, 8, 1))
    address = reverse("companies:hours", args=[placement.public_id])
    data = {"from_on": "2016-05-02", "internship_hours": "1", "ordinary_hours": "1", "version": "1"}
    client = as_user(holder)
    with transaction.atomic():
        placements.withdraw_placement(placement, today=datetime.date(2016, 5, 18))
        change = BackgroundAction(lambda: client.post(address, data))
        assert change.is_waiting()
    assert MESSAGE in change.join().content.decode()
    assert not Placement.everything.exists()


@pytest.mark.django_db(transaction=True)
def test_withdrawing_and_correcting_a_contact_at_once(course, holder) -> None:
    contact = MentorContactFactory(course=course, registered_by=holder)
    clients = [Client(raise_request_exception=False), Client(raise_request_exception=False)]
    for client in clients:
        client.force_login(holder)
    data = {"held_on": "2016-05-10", "citizen_present": "on", "channel": "phone", "version": "1"}
    withdraw, correct = (
        reverse(f"cases:{name}_contact", args=[contact.public_id]) for name in ("withdraw", "correct")
    )
    responses = run_at_once([lambda: clients[0].post(withdraw), lambda: clients[1].post(correct, data)])
    assert responses[0].status_code == 302
    assert responses[1].status_code in {302, 404, 409}  # first, after it, or between fetching and saving
    assert not MentorContact.objects.exists()
