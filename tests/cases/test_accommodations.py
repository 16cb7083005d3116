"""Limits of an accommodation: entered, suggested from the text, set later (D11)."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from cases import actions
from cases.models import Accommodation
from cases.rules.work_limits import WorkLimits
from tests.factories import DRAWN_ON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]


def new_url(course) -> str:
    return reverse("cases:new_accommodation", args=[course.public_id])


def test_a_limit_that_the_text_names_is_suggested_before_it_is_saved(as_user, holder, course) -> None:
    client = as_user(holder)
    data = {"description": "Højst 3,5 timer om dagen", "from_on": "2016-05-02"}
    page = client.post(new_url(course), data).content.decode()
    assert "Teksten nævner grænser: højst 3,50 timer om dagen." in page
    assert 'value="3,5"' in page
    assert not Accommodation.objects.exists()
    assert client.post(new_url(course), {**data, "suggested": "on", "hours_a_day": "3,5"}).status_code == 302
    assert Accommodation.objects.get().limits == WorkLimits(hours_a_day=Decimal("3.5"))


def test_a_suggestion_may_be_left_out(as_user, holder, course) -> None:
    data = {"description": "Højst 4 timer om dagen", "from_on": "2016-05-02", "suggested": "on"}
    assert as_user(holder).post(new_url(course), data).status_code == 302
    assert not Accommodation.objects.get().limits


def test_limits_are_set_later_and_stand_on_the_course(as_user, holder, course) -> None:
    accommodation = actions.record_accommodation(course, description="Pauser", from_on=DRAWN_ON)
    client = as_user(holder)
    url = reverse("cases:limit_accommodation", args=[accommodation.public_id])
    wrong = {"version": "1", "not_before": "14.00", "not_after": "10"}
    assert "id_not_after_error" in client.post(url, wrong).content.decode()
    data = {"version": "1", "not_before": "10", "days_a_week": "3", "no_nights": "on"}
    assert client.post(url, data).status_code == 302
    page = client.get(reverse("cases:course_support", args=[course.public_id])).content.decode()
    for words in ("Højst 3 dage om ugen", "Ikke før kl. 10.00", "Ikke om natten"):
        assert words in page, words
    assert client.post(url, {**data, "days_a_week": "2"}).status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"hours_a_day": Decimal(25)}, {"days_a_week": 8}, {"hours_a_week": Decimal(0)}]
)
def test_the_database_refuses_limits_that_cannot_be(course, wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.record_accommodation(course, description="x", from_on=DRAWN_ON, limits=WorkLimits(**wrong))
