"""A second withdrawal of a placement or a match, or a second restoring, shows the first (D41)."""

import re

import pytest
from django.urls import reverse

from companies.actions.matches import record_match
from companies.models import Match, Placement
from tests.factories import DRAWN_ON, CompanyFactory, PlacementFactory, ProjectFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

FIRST = {"withdrawn_reason": "Forkert borger", "version": "1"}
SECOND = {"withdrawn_reason": "Tastet to gange", "version": "1"}


@pytest.fixture
def placement(course):
    return PlacementFactory(course=course)


@pytest.fixture
def match(course, holder):
    return record_match(course, CompanyFactory(), matched_on=DRAWN_ON, by=holder)


def url(name, row):
    return reverse(f"companies:{name}", args=[row.public_id])


def assert_shows_both(answer, first_person, words):
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{first_person.name} har allerede {words}" in page
    assert "Forkert borger" in page
    assert "Tastet to gange" in page


@pytest.mark.parametrize(("act", "words"), [("withdraw_as_error", "markeret"), ("no_show", "registreret")])
def test_a_placement_is_withdrawn_once(as_user, holder, leader, placement, act, words):
    for _double_click in range(2):
        assert as_user(holder).post(url(act, placement), FIRST).status_code == 302
    assert_shows_both(as_user(leader).post(url(act, placement), SECOND), holder, words)
    assert Placement.everything.get().withdrawn_reason == "Forkert borger"


def test_a_match_is_withdrawn_once(as_user, holder, leader, match):
    for _double_click in range(2):
        assert as_user(holder).post(url("withdraw_match", match), FIRST).status_code == 302
    assert_shows_both(as_user(leader).post(url("withdraw_match", match), SECOND), holder, "markeret")
    opened = as_user(leader).get(url("withdraw_match", match), follow=True)
    assert "Matchet er allerede fejlregistreret" in opened.content.decode()
    assert not Match.objects.exists()


def test_a_stranger_sees_nothing_of_a_withdrawn_match(as_user, holder, match):
    as_user(holder).post(url("withdraw_match", match), FIRST)
    stranger = as_user(UserFactory(project=ProjectFactory(), roles=["job_consultant"]))
    assert stranger.get(url("withdraw_match", match)).status_code == 404
    assert stranger.post(url("withdraw_match", match), SECOND).status_code == 404


def version_on(page):
    return re.search(r'name="version" value="(\d+)"', page.content.decode())[1]


def test_a_placement_is_restored_once(as_user, holder, leader, placement):
    as_user(holder).post(url("withdraw_as_error", placement), FIRST)
    version = version_on(as_user(leader).get(url("stand_again", placement)))
    first = {"correction_reason": "Det var rigtigt nok", "version": version}
    for _double_click in range(2):
        assert as_user(leader).post(url("stand_again", placement), first).status_code == 302
    second = as_user(holder).post(
        url("stand_again", placement), {"correction_reason": "Den gælder", "version": version}
    )
    assert second.status_code == 409
    page = second.content.decode()
    assert f"{leader.name} har allerede ladet dette gælde igen" in page
    assert "Det var rigtigt nok" in page
    assert "Den gælder" in page


def test_a_placement_withdrawn_anew_is_not_restored_unseen(as_user, holder, leader, placement):
    as_user(holder).post(url("withdraw_as_error", placement), FIRST)
    version = version_on(as_user(leader).get(url("stand_again", placement)))
    as_user(holder).post(url("stand_again", placement))
    again = {"withdrawn_reason": "Alligevel forkert", "version": str(int(version) + 1)}
    assert as_user(holder).post(url("withdraw_as_error", placement), again).status_code == 302
    stale = {"correction_reason": "Det var rigtigt nok", "version": version}
    answer = as_user(leader).post(url("stand_again", placement), stale)
    assert answer.status_code == 409
    assert not Placement.objects.exists()
    confirmed = {**stale, "version": version_on(answer)}
    assert as_user(leader).post(url("stand_again", placement), confirmed).status_code == 302
    assert Placement.objects.exists()
