"""A form that is saved while somebody else deletes its row is answered with a message, not an error page."""

import datetime

import pytest
from django.urls import reverse

from cases.forms.contacts import CorrectMentorContactForm
from companies.actions import placements
from companies.forms.placements import (
    ChangeHoursForm,
    EndPlacementForm,
    RenewPlacementForm,
    WithdrawPlacementForm,
)
from companies.models import Placement
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
    data = {"held_on": "2016-05-10", "channel": "phone", "note": "Mit notat", "version": "1"}
    response = as_user(holder).post(reverse("cases:correct_contact", args=[contact.public_id]), data)
    assert response.status_code == 409
    page = response.content.decode()
    assert MESSAGE in page
    assert "Mit notat" in page


@pytest.mark.parametrize(
    ("name", "form_class", "data"),
    [
        ("hours", ChangeHoursForm, {"internship_hours": "1", "ordinary_hours": "1", "version": "1"}),
        ("end", EndPlacementForm, {"ended_on": "2016-08-10", "version": "1"}),
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
