"""The pages that correct a placement say what follows before anything is saved (D41)."""

import datetime

import pytest
from django.urls import reverse

from companies.actions import placements
from companies.models import AttendanceWeek, Placement
from tests.factories import UserFactory
from tests.scenarios.signing import sign_all
from tests.scenarios.work_agreements import save_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def url(name, placement):
    return reverse(f"companies:{name}", args=[placement.public_id])


def form_of(placement, **fields):
    return {
        "kind": placement.kind,
        "cvr": placement.company.cvr,
        "starts_on": placement.starts_on.isoformat(),
        "planned_end_on": placement.planned_end_on.isoformat(),
        "internship_hours": "15",
        "ordinary_hours": "0",
        "correction_reason": "Begyndte en uge senere",
        "version": str(placement.version),
        **fields,
    }


def test_what_follows_is_said_before_it_is_saved(as_user, holder, internship):
    sign_all(save_agreement(internship, by=holder), holder)
    internship.refresh_from_db()
    client, address = as_user(holder), url("correct_placement", internship)
    assert client.get(address).status_code == 200
    data = form_of(internship, starts_on="2016-05-09")
    asked = client.post(address, data).content.decode()
    assert "Forløbets faser, fastholdelsesperiode og frister beregnes igen." in asked
    assert "Tilskuddet beregnes igen." in asked
    assert "udkast til en ny version" in asked
    assert Placement.objects.get().starts_on == datetime.date(2016, 5, 2)
    assert client.post(address, {**data, "warned": "on"}).status_code == 302
    assert Placement.objects.get().starts_on == datetime.date(2016, 5, 9)
    page = client.get(url("placement", internship)).content.decode()
    assert "Begyndte en uge senere" in page
    assert "(før: " in page


def test_without_a_reason_nothing_is_saved(as_user, holder, internship):
    data = form_of(internship, starts_on="2016-05-09", correction_reason="", warned="on")
    response = as_user(holder).post(url("correct_placement", internship), data)
    assert response.status_code == 200
    assert Placement.objects.get().starts_on == datetime.date(2016, 5, 2)


def test_a_stale_correction_is_answered_with_both(as_user, holder, internship):
    data = form_of(internship, starts_on="2016-05-09", warned="on", version="0")
    response = as_user(holder).post(url("correct_placement", internship), data)
    assert response.status_code == 409
    assert "Begyndte en uge senere" in response.content.decode()


def test_a_no_show_is_not_offered_once_the_citizen_was_there(as_user, holder, internship):
    client = as_user(holder)
    assert url("no_show", internship) in client.get(url("placement", internship)).content.decode()
    AttendanceWeek.objects.create(placement=internship, monday=datetime.date(2016, 5, 9), present=2)
    assert url("no_show", internship) not in client.get(url("placement", internship)).content.decode()


def test_an_end_by_mistake_is_taken_back_on_a_page(as_user, holder, internship):
    placements.end_placement(
        internship,
        ended_on=datetime.date(2016, 5, 12),
        today=datetime.date(2016, 5, 18),
        end_reason="illness",
    )
    client = as_user(holder)
    address = url("take_back_end", internship)
    assert address in client.get(url("placement", internship)).content.decode()
    version = str(Placement.objects.get().version)
    assert client.post(address, {"version": version}).status_code == 200
    data = {"version": version, "correction_reason": "Forkert borger"}
    assert client.post(address, data).status_code == 302
    assert Placement.objects.get().ended_on is None


def test_a_withdrawal_by_somebody_else_is_taken_back_with_a_reason(as_user, holder, course, internship):
    placements.withdraw_as_error(internship, reason="Forkert", by=UserFactory())
    client = as_user(holder)
    page = client.get(reverse("cases:course_company", args=[course.public_id])).content.decode()
    assert url("stand_again", internship) in page
    assert client.post(url("stand_again", internship)).status_code == 200
    data = {"correction_reason": "Den var god nok"}
    assert client.post(url("stand_again", internship), data).status_code == 302
    assert Placement.objects.get() == internship
