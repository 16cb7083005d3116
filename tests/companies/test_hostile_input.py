"""What nobody types is answered with a message, and never saved: NUL, other digits, endless texts, hours."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from companies.models import Dialogue, Match, Placement, WorkAgreement
from tests.scenarios.work_agreements import CONTENT, form_data, save_agreement, work_period

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

HOSTILE = {
    "NUL": "\0",
    "eight NUL": "\0" * 8,
    "long": "x" * 5000,
    "longer": "x" * 60_000,
    "NaN": "NaN",
    "negative": "-1",
    "exponent": "1e5",
    "far": "9999-12-31",
    "ahead": "2999-01-01",
    "right to left": "\u202e",
    "superscript": "²²²²²²²²",
    "Arabic": "١٢٣٤٥٦٧٨",
}
PAGES = {"new_match": "", "new_placement": "?kind=internship", "new_dialogue": ""}
SENT_BY_BUTTONS = {"csrfmiddlewaretoken", "submission", "version", "search_company", "other_kind", "kind"}


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Match, Placement, Dialogue, WorkAgreement))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("page", PAGES)
def test_forms_of_a_course_answer_what_nobody_types(as_user, holder, internship, page, text) -> None:
    client = as_user(holder)
    url = reverse(f"companies:{page}", args=[internship.course.public_id]) + PAGES[page]
    html = client.get(url).content.decode()
    names = set(re.findall(r'name="([^"]+)"', html)) - SENT_BY_BUTTONS
    typed = {**dict.fromkeys(names, text), "kind": "internship", "cvr_chosen": ""}
    before = counted()
    for fields in ({}, {"search_company": "1"}, {"cvr_chosen": text}, {"cvr": internship.company.cvr}):
        assert client.post(url, {**typed, **fields}).status_code == 200
    assert counted() == before


@pytest.mark.parametrize("name", CONTENT)
def test_a_text_of_an_agreement_has_a_limit_that_is_told(as_user, holder, internship, name) -> None:
    url = reverse("companies:agreement", args=[internship.public_id])
    contact = internship.company.contacts.get()
    page = as_user(holder).post(url, form_data(contact, **{name: "ord " * 3000})).content.decode()
    assert "må højst have 10000 tegn" in page
    assert not WorkAgreement.objects.exists()


def test_more_hours_a_week_than_can_be_meant_are_refused(internship) -> None:
    week = [
        period
        for weekday in range(1, 8)
        for period in (work_period(weekday, "00:00", "12:00"), work_period(weekday, "12:00", "00:00"))
    ]
    with pytest.raises(ValidationError, match="168") as refusal:
        save_agreement(internship, schedule=week)
    assert refusal.value.code == "too_many_hours"


@pytest.mark.parametrize("day", ["1950-01-01", "2016-05-01", "2016-08-01", "2099-01-01"])
def test_an_agreement_holds_from_a_day_of_its_placement(as_user, holder, internship, day) -> None:
    url = reverse("companies:agreement", args=[internship.public_id])
    data = form_data(internship.company.contacts.get(), valid_from=day)
    assert "Dagen skal ligge" in as_user(holder).post(url, data).content.decode()
    assert not WorkAgreement.objects.exists()


def test_an_agreement_holds_from_the_last_day_at_the_latest(internship) -> None:
    last = datetime.date(2016, 7, 31)
    assert save_agreement(internship, valid_from=last).valid_from == last
