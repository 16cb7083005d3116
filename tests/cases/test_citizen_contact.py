"""The citizen's contact information: who sees and corrects it, protected addresses, links to reach people."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import actions
from cases.models import CitizenContact
from jobfirst.values.phone_numbers import number_to_dial, phone_validator
from tests.factories import shows_cpr

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

PHONE, EMAIL, ADDRESS = "00 12 34 56", "borger@example.invalid", "Prøvevej 1"
VALUES = {
    "phone": PHONE,
    "email": EMAIL,
    "address": f"{ADDRESS}\n0000 Prøveby",
    "has_protected_address": False,
    "interpreter_language": "arabisk",
    "kin_name": "Prøvepårørende",
    "kin_relation": "mor",
    "kin_phone": "+45 00 65 43 21",
}


def form_url(course):
    return reverse("cases:citizen_contact", args=[course.public_id])


def overview(client, course):
    return client.get(reverse("cases:course", args=[course.public_id])).content.decode()


@pytest.fixture
def contact(course):
    return actions.update_citizen_contact(course, VALUES)


@pytest.fixture
def protected(course):
    return actions.update_citizen_contact(course, {**VALUES, "has_protected_address": True})


def test_the_overview_calls_and_writes_to_the_citizen_and_the_next_of_kin(as_user, holder, course, contact):
    page = overview(as_user(holder), course)
    for link in ("tel:00123456", "sms:00123456", f"mailto:{EMAIL}", "tel:+4500654321", "sms:+4500654321"):
        assert f'href="{link}"' in page
    for words in (ADDRESS, "arabisk", "Prøvepårørende (mor)"):
        assert words in page


def test_the_overview_calls_and_writes_to_the_team(as_user, leader, holder, course):
    holder.phone = "+45 00 11 22 33"
    holder.save(update_fields=["phone"])
    page = overview(as_user(leader), course)
    for link in ("tel:+4500112233", "sms:+4500112233", f"mailto:{holder.email}"):
        assert page.count(f'href="{link}"') == 4


def test_each_role_sees_what_is_for_it(as_user, holder, leader, colleague, stranger, agency, course, contact):
    assert ADDRESS in overview(as_user(holder), course)
    assert ADDRESS in overview(as_user(leader), course)
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    opened = overview(as_user(colleague), course)
    assert "Testborger Ågesen" in opened
    for page in (opened, overview(as_user(stranger), course), overview(as_user(agency), course)):
        assert not shows_cpr(page, course.citizen.cpr)
        for secret in (PHONE, EMAIL, ADDRESS, "Prøvepårørende"):
            assert secret not in page


def test_a_protected_address_is_for_the_team_only(as_user, holder, leader, course, protected):
    assert ADDRESS in overview(as_user(holder), course)
    page = overview(as_user(leader), course)
    for words in ("Testborger Ågesen", "Beskyttet adresse", PHONE):
        assert words in page
    assert ADDRESS not in page


def test_a_colleagues_opening_of_a_protected_citizen_shows_nothing(as_user, colleague, course, protected):
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    response = as_user(colleague).get(reverse("cases:course", args=[course.public_id]))
    assert response.status_code == 404
    for secret in ("Testborger Ågesen", ADDRESS, PHONE):
        assert secret not in response.content.decode()


def test_the_stand_in_is_of_the_team(as_user, holder, colleague, project, course, protected, wednesday):
    from accounts.models import Absence

    Absence.objects.create(
        user=holder,
        project=project,
        stand_in=colleague,
        first_on=wednesday,
        last_on=wednesday,
        entered_by=holder,
    )
    assert ADDRESS in overview(as_user(colleague), course)


@pytest.mark.parametrize(("is_protected", "for_colleague"), [(False, 403), (True, 404)])
def test_only_the_team_corrects_it(
    as_user, holder, leader, colleague, stranger, course, is_protected, for_colleague
):
    """Of a protected citizen, the colleague's opening has no effect (D51)."""
    actions.update_citizen_contact(course, {**VALUES, "has_protected_address": is_protected})
    actions.open_colleagues_course(course, colleague, "Vikar i uge 20")
    assert as_user(holder).get(form_url(course)).status_code == 200
    for user, status in ((leader, 403), (colleague, for_colleague), (stranger, 404)):
        client = as_user(user)
        for response in (client.get(form_url(course)), client.post(form_url(course), {})):
            assert response.status_code == status
            assert ADDRESS not in response.content.decode()
    assert form_url(course) not in overview(as_user(leader), course)


def test_the_form_makes_the_row_and_corrects_it(as_user, holder, course):
    client = as_user(holder)
    response = client.post(form_url(course), {"phone": PHONE, "version": 0})
    assert response.url == f"/forloeb/{course.public_id}/#citizen"
    client.post(form_url(course), {"phone": PHONE, "has_protected_address": "on", "version": 1})
    contact = CitizenContact.objects.get()
    assert (contact.course, contact.phone, contact.has_protected_address) == (course, PHONE, True)


@pytest.mark.parametrize("exists", [True, False])
def test_a_stale_save_shows_both_and_loses_neither(as_user, holder, course, exists):
    if exists:
        actions.update_citizen_contact(course, VALUES)
    opened_on = 1 if exists else 0
    actions.update_citizen_contact(course, {**VALUES, "phone": "00 99 99 99"}, version=opened_on)
    response = as_user(holder).post(form_url(course), {"phone": "00 11 11 11", "version": opened_on})
    assert response.status_code == 409
    page = response.content.decode()
    assert "00 99 99 99" in page
    assert "00 11 11 11" in page
    assert CitizenContact.objects.get().phone == "00 99 99 99"


def test_a_course_that_has_ended_is_not_changed(course, wednesday):
    actions.end_course(course, ended_on=wednesday, reason="moved")
    with pytest.raises(ValidationError, match="afsluttet"):
        actions.update_citizen_contact(course, VALUES)


@pytest.mark.parametrize("typed", ["ring til mor", "12", "12 34 56 78 lokal", "+"])
def test_what_is_no_phone_number_is_refused_kindly(as_user, holder, course, typed):
    response = as_user(holder).post(form_url(course), {"phone": typed, "version": 0})
    assert response.status_code == 200
    assert "Skriv et telefonnummer med cifre" in response.content.decode()
    assert not CitizenContact.objects.exists()


def test_next_of_kin_without_a_name_are_refused(as_user, holder, course):
    response = as_user(holder).post(form_url(course), {"kin_phone": PHONE, "version": 0})
    assert "Skriv den pårørendes navn." in response.content.decode()
    with pytest.raises(IntegrityError, match="cases_citizen_contact_kin"), transaction.atomic():
        CitizenContact.objects.create(course=course, kin_phone=PHONE)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("00 12 34 56", "00123456"), ("+45 00-12(34)56", "+4500123456"), (" 00.12.34.56 ", "00123456")],
)
def test_a_link_dials_the_digits(typed, number):
    phone_validator(typed)
    assert number_to_dial(typed) == number


def test_every_change_is_in_the_history(course, contact):
    actions.update_citizen_contact(course, {**VALUES, "phone": "00 99 99 99"})
    events = CitizenContact.pgh_event_model.objects.order_by("pgh_id")
    assert [event.phone for event in events] == [PHONE, "00 99 99 99"]
