"""The weekly schedule on the page of a work agreement: nights, two periods, the same hours, warnings."""

import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from cases.actions import record_accommodation
from cases.rules.work_limits import WorkLimits
from companies.actions.renewals import renew_placement
from companies.models import WorkAgreement
from tests.factories import PlacementFactory
from tests.scenarios.work_agreements import SIGNED_ON, agreement_url, form_data, save_agreement, work_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def page_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("week", "hours"),
    [
        ({"week-0-internship_from": "22:00", "week-0-internship_to": "06:00"}, "8.00"),
        ({"week-0-internship_from": "16.00", "week-0-internship_to": "24.00"}, "8.00"),
        (
            {
                "week-0-internship_from": "",
                "week-0-internship_to": "",
                "week-1-internship_from": "00:00",
                "week-1-internship_to": "06:00",
                "week-1-internship_from_2": "22:00",
                "week-1-internship_to_2": "23:59",
            },
            "7.98",
        ),
    ],
)
def test_a_night_shift_is_saved_with_its_hours(as_user, holder, internship, week, hours) -> None:
    empty = {
        "week-0-ordinary_from": "",
        "week-0-ordinary_to": "",
        "week-1-internship_from": "",
        "week-1-internship_to": "",
    }
    data = form_data(internship.company.contacts.get(), **{**empty, **week})
    response = as_user(holder).post(agreement_url(internship), data)
    assert response.status_code == 302, page_of(response)
    assert str(WorkAgreement.objects.get().internship_hours) == hours


def test_a_saved_week_comes_back_into_the_form(as_user, holder, internship) -> None:
    week = [
        work_period(2, "00:00", "06:00"),
        work_period(2, "22:00", "23:59"),
        work_period(1, "16:00", "00:00"),
    ]
    save_agreement(internship, schedule=week)
    form_set = as_user(holder).get(agreement_url(internship)).context["schedule"]
    day = form_set.forms[1]
    assert day.initial == {
        "internship_from": datetime.time(0),
        "internship_to": datetime.time(6),
        "internship_from_2": datetime.time(22),
        "internship_to_2": datetime.time(23, 59),
    }


def test_the_same_hours_are_filled_in_and_nothing_typed_is_lost(as_user, holder, internship) -> None:
    contact = internship.company.contacts.get()
    same = {
        "fill_days": "1",
        "same-internship_from": "09:00",
        "same-internship_to": "13:00",
        "same-weekdays": ["1", "3"],
    }
    response = as_user(holder).post(agreement_url(internship), form_data(contact, goals="Mit mål", **same))
    page = page_of(response)
    week = response.context["schedule"].forms
    assert response.status_code == 200
    assert "Mit mål" in page
    assert [week[day]["internship_from"].value() for day in range(3)] == [
        datetime.time(9),
        "09:00",
        datetime.time(9),
    ]
    assert week[0]["ordinary_from"].value() == "12:30"
    assert not WorkAgreement.objects.exists()


def test_hours_beyond_the_accommodations_warn_once_and_are_saved_then(
    as_user, holder, course, internship
) -> None:
    limits = WorkLimits(hours_a_day=Decimal(4))
    record_accommodation(course, description="Højst 4 timer", from_on=SIGNED_ON, limits=limits)
    client, data = as_user(holder), form_data(internship.company.contacts.get())
    response = client.post(agreement_url(internship), data)
    assert "Aftalen siger 5 timer om mandagen; skånehensynet siger højst 4 timer om dagen." in page_of(
        response
    )
    assert not WorkAgreement.objects.exists()
    warned = response.context["warned"]
    other_week = {**data, "warned": warned, "week-0-ordinary_to": "15:00"}
    assert "6 timer om mandagen" in page_of(client.post(agreement_url(internship), other_week))
    assert client.post(agreement_url(internship), {**data, "warned": warned}).status_code == 302
    assert WorkAgreement.objects.get().internship_hours == Decimal("7.75")


def test_a_renewal_begins_with_the_agreement_that_held_last(as_user, holder, internship) -> None:

    save_agreement(internship, schedule=[work_period(3, "22:00", "06:00")])
    renewal = renew_placement(
        internship,
        today=internship.starts_on,
        starts_on=datetime.date(2016, 8, 1),
        planned_end_on=datetime.date(2016, 9, 1),
        internship_hours=Decimal(8),
        ordinary_hours=Decimal(0),
    )
    response = as_user(holder).get(agreement_url(renewal))
    assert "Pakke brød og feje" in page_of(response)
    assert response.context["schedule"].forms[2].initial["internship_from"] == datetime.time(22)
    assert not response.context["draft_warnings"]


@pytest.mark.parametrize(
    ("kind", "fitting", "unfitting"),
    [
        ("wage_subsidy", "ordinary", "internship"),
        ("ordinary_employment", "ordinary", "internship"),
        ("sniffing", "internship", "ordinary"),
    ],
)
def test_the_week_has_only_the_hours_that_fit_the_kind(
    as_user, holder, internship, kind, fitting, unfitting
) -> None:
    hours = {f"{unfitting}_hours": 0, f"{fitting}_hours": 10}
    placement = PlacementFactory(
        course=internship.course, company=internship.company, kind=kind, match=None, **hours
    )
    page = page_of(as_user(holder).get(agreement_url(placement)))
    for field in ("week-0-{}_from", "week-0-{}_from_2", "same-{}_from"):
        assert field.format(fitting) in page
        assert field.format(unfitting) not in page
    contact = internship.company.contacts.get()
    other = {f"week-0-{unfitting}_from": "12:30", f"week-0-{unfitting}_to": "14:00"}
    data = {name: text for name, text in form_data(contact).items() if not name.startswith("week-0-")}
    data = {name: text for name, text in data.items() if not name.startswith("week-1-")}
    response = as_user(holder).post(agreement_url(placement), {**data, **other})
    assert "har ikke timer af den type" in page_of(response)
    assert not placement.agreements.exists()
    with pytest.raises(ValidationError):
        save_agreement(placement, schedule=[work_period(1, "08:00", "12:00", unfitting)])
    agreement = save_agreement(placement, schedule=[work_period(1, "08:00", "12:00", fitting)])
    assert getattr(agreement, f"{fitting}_hours") == 4
