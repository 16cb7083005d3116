"""The forms of awards, terms and applications: what a tired person types, and what is said of it."""

import datetime
import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from grants.models import Application, GrantTerms
from tests.grants.factories import StatementFactory
from tests.scenarios.grant_awards import SPRING_2016, entered_award

pytestmark = pytest.mark.django_db


@pytest.fixture
def post_form(trial, client):
    """Posts the form of a page as the agency, with what stands in it and what is changed."""
    client.force_login(trial.agency)

    def post(name, *args, **changed):
        address = reverse(f"grants:{name}", args=args)
        form = client.get(address).context["form"]
        boxes = {field for field in form.fields if isinstance(form[field].value(), bool)}
        first = {field: form[field].value() for field in form.fields}
        first |= {field: "on" if first[field] else None for field in boxes}
        data = {"reason": "Fordi"} | first | changed
        return client.post(address, {key: value for key, value in data.items() if value is not None})

    return post


def form_errors(response):
    assert response.status_code == 200
    return {name: " ".join(form_messages) for name, form_messages in response.context["form"].errors.items()}


@pytest.mark.parametrize(("day", "is_accepted"), [(-1, False), (0, True)])
def test_an_award_begins_within_the_project(post_form, trial, day, is_accepted):
    first, last = trial.aalborg.starts_on, trial.aalborg.ends_on
    for start, sign in ((first, 1), (last, -1)):
        valid_from = start + sign * datetime.timedelta(days=day)
        response = post_form("new_award", "aalborg", valid_from=valid_from.isoformat(), reason="Fordi")
        if is_accepted:
            assert response.status_code == 302
        else:
            period = f"fra {first:%d.%m.%Y} til {last:%d.%m.%Y}"
            assert form_errors(response) == {
                "valid_from": f"Dagen skal ligge i projektets periode, {period}."
            }


@pytest.mark.parametrize("count", ["999999999999", "1000000000", "100001"])
def test_a_target_count_above_the_maximum_is_refused(post_form, count):
    for name, more in (("new_award", {}), ("application", {"received_at": "2015-11-01T10:00", "pages": "1"})):
        form_messages = form_errors(
            post_form(name, "aalborg", target_count=count, reason="Fordi", budget="1", **more)
        )
        assert form_messages["target_count"] == "Skriv højst 100.000."


def test_each_field_of_an_award_shows_the_value_in_force(post_form, trial, client):
    entered_award(trial.aalborg, SPRING_2016, 100)
    address = reverse("grants:new_award", args=["aalborg"])
    page = client.get(address).content.decode()
    for form_messages in ("Nu: 100", "Nu: 850.000,00", "Nu: 500.000,00"):
        assert form_messages in page


def test_an_unusual_award_needs_a_confirmation(post_form, trial, client):
    entered_award(trial.aalborg, SPRING_2016, 100)
    same = {"valid_from": "2017-01-01", "reason": "Fordi"}
    box = 'type="checkbox" name="sure"'
    address = reverse("grants:new_award", args=["aalborg"])
    assert box not in client.get(address).content.decode()
    form_messages = form_errors(post_form("new_award", "aalborg", **same, target_count="151"))
    expected = "Meget anderledes end før: Måltal (100). Sæt kryds, hvis tallene er rigtige."
    assert form_messages == {"sure": expected}
    response = post_form("new_award", "aalborg", **same, target_count="49", budget_staff="249.999,99")
    assert "Måltal (100), budgettet i alt (500.000,00)" in form_errors(response)["sure"]
    assert box in response.content.decode().replace('class="checkboxinput" ', "")
    response = post_form("new_award", "aalborg", **same, target_count="150", budget_staff="250.000")
    assert response.status_code == 302
    later = {**same, "valid_from": "2017-02-01"}
    assert post_form("new_award", "aalborg", **later, target_count="1", sure="on").status_code == 302


def test_the_fixed_grant_is_refused_beside_its_field(post_form, trial):
    place = trial.aalborg.municipalities.get()
    field = f"fixed_{place.code}"
    form_messages = form_errors(
        post_form("new_award", "aalborg", valid_from="2016-03-01", reason="x y", **{field: "850.000,01"})
    )
    assert form_messages == {field: "Det faste tilskud er højst 850.000,00 kr. pr. kommune."}


def test_dates_in_messages_about_awards_are_short_dates(post_form, trial):
    entered_award(trial.aalborg, SPRING_2016)
    response = post_form("new_award", "aalborg", valid_from="2016-03-01", reason="Fordi")
    assert form_errors(response)["valid_from"].endswith("(01.03.2016).")
    StatementFactory(project=trial.aalborg, state="approved")
    for name, args in (("new_award", ["aalborg"]), ("new_terms", [])):
        assert (
            "31.12.2016"
            in form_errors(post_form(name, *args, valid_from="2016-06-01", reason="Fordi"))["valid_from"]
        )


def test_new_terms_begin_as_those_in_force_today(trial, client):
    old = GrantTerms.objects.get()
    other_fields = {
        "counting_kinds": old.counting_kinds,
        "ceiling_share": old.ceiling_share,
        "completion_days": 91,
    }
    ahead = date.today() + datetime.timedelta(days=30)
    GrantTerms.objects.create(
        valid_from=ahead, start_amount=5, completion_amount=5, reason="Senere", **other_fields
    )
    client.force_login(trial.agency)
    form = client.get(reverse("grants:new_terms")).context["form"]
    assert form["start_amount"].value() == "8.000,00"
    assert 'value="90"' in str(form["ceiling_share"])


@pytest.mark.parametrize(
    ("typed", "share"), [("85", "0.85"), ("85,5", "0.855"), ("33,33", "0.3333"), ("100", "1")]
)
def test_the_share_is_typed_in_percent_and_stored_as_a_fraction(post_form, typed, share):
    post_form("new_terms", valid_from="2017-01-01", reason="Fordi", ceiling_share=typed, sure="on")
    assert GrantTerms.objects.get(reason="Fordi").ceiling_share == Decimal(share)


@pytest.mark.parametrize("typed", ["101", "-1", "85,555", "mange", "NaN"])
def test_what_is_no_percentage_is_refused(post_form, typed):
    response = post_form("new_terms", valid_from="2017-01-01", reason="Fordi", ceiling_share=typed)
    assert list(form_errors(response)) == ["ceiling_share"]
    assert GrantTerms.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("valid_from", "2014-12-31", "Dagen må tidligst være 01.01.2015."),
        ("valid_from", "2098-01-01", "Dagen må senest være"),
        ("tolerance_days", "32", "Skriv højst 31."),
        ("tolerance_days", "-1", "Skriv mindst 0."),
        ("completion_days", "0", "Skriv mindst 1."),
        ("completion_days", "401", "Skriv højst 400."),
        ("start_amount", "1.000.000,01", "Beløbet må højst være 1.000.000,00 kr."),
        ("start_amount", "-1", "Beløbet skal være mindst 0,00 kr."),
    ],
)
def test_terms_outside_their_limits_are_refused(post_form, field, value, message):
    form_messages = form_errors(
        post_form("new_terms", **{"valid_from": "2017-01-01", "reason": "Fordi", field: value})
    )
    assert form_messages[field].startswith(message)
    assert GrantTerms.objects.count() == 1


def test_unusual_terms_need_a_confirmation(post_form):
    day = {"valid_from": "2017-01-01", "reason": "Fordi"}
    form_messages = form_errors(post_form("new_terms", **day, start_amount="80.000"))
    assert "Meget anderledes end før" in form_messages["sure"]
    assert "(8.000,00)" in form_messages["sure"]
    assert post_form("new_terms", **day, start_amount="12.000").status_code == 302
    assert (
        post_form("new_terms", **day | {"valid_from": "2017-02-01"}, start_amount="1", sure="on").status_code
        == 302
    )


def test_a_day_has_one_row_of_terms(post_form):
    day = {"valid_from": "2027-01-01", "reason": "Fordi"}
    assert post_form("new_terms", **day).status_code == 302
    assert form_errors(post_form("new_terms", **day)) == {
        "valid_from": "Der er allerede vilkår fra den 1. januar 2027."
    }


def test_an_application_received_in_the_future_is_refused(post_form):
    data = {"pages": "1", "budget": "1", "target_count": "1", "reason": "Fordi"}
    ahead = (datetime.datetime.now() + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form_messages = form_errors(post_form("application", "aalborg", received_at=ahead, **data))
    assert form_messages == {"received_at": "Dagen må ikke ligge i fremtiden."}
    assert not Application.objects.exists()


def test_a_cut_off_outside_the_limits_is_refused_with_a_message(get_as):
    page = get_as("agency", reverse("grants:statement"), {"year": "2016", "cut_off": "2100-01-01"})
    assert "Dagen må senest være 31.12.2099." in page.content.decode()


def test_an_award_entered_on_a_page_opened_before_another_is_refused(post_form, trial, client):
    stale = client.get(reverse("grants:new_award", args=["aalborg"])).context["form"]["seen"].value()
    entered_award(trial.aalborg, SPRING_2016, 140)
    response = post_form("new_award", "aalborg", valid_from="2016-05-02", seen=stale or "", reason="Fordi")
    assert "nyere tilsagn" in response.content.decode()
    assert trial.aalborg.awards.count() == 1


def test_an_unusual_share_needs_a_confirmation(post_form):
    response = post_form("new_terms", valid_from="2017-01-01", ceiling_share="0,9", reason="Fordi")
    assert list(form_errors(response)) == ["sure"]
    assert "90 %" in form_errors(response)["sure"]


@pytest.mark.parametrize("typed", ["1e2", "+90", "0x1"])
def test_a_share_is_written_in_digits(post_form, typed):
    response = post_form("new_terms", valid_from="2017-01-01", ceiling_share=typed, reason="Fordi")
    assert list(form_errors(response)) == ["ceiling_share"]


APPLICATION = {
    "received_at": "2015-11-09T11:00",
    "pages": "11",
    "budget": "1",
    "target_count": "1",
    "reason": "Fordi",
}


def test_terms_entered_on_a_page_opened_before_other_terms_show_both(post_form):
    first = {"valid_from": "2017-01-01", "tolerance_days": "2", "reason": "Fordi"}
    second = {"valid_from": "2017-02-01", "tolerance_days": "3", "reason": "Fordi"}
    assert post_form("new_terms", **first).status_code == 302
    response = post_form("new_terms", **second, version="1")
    assert response.status_code == 409
    both = {row.label: (row.theirs, row.mine) for row in response.context["differences"]}
    assert both["Dage, et virksomhedsforløb må være afbrudt"] == ("2", "3")
    assert GrantTerms.objects.count() == 2
    again = response.context["form"]["version"].value()
    assert post_form("new_terms", **second, version=again).status_code == 302


def test_a_stale_application_shows_both(post_form, trial):
    assert post_form("application", "aalborg", **APPLICATION).status_code == 302
    response = post_form("application", "aalborg", **APPLICATION | {"pages": "12"}, version="0")
    assert response.status_code == 409
    both = {row.label: (row.theirs, row.mine) for row in response.context["differences"]}
    assert both["Sider"] == ("11", "12")
    assert trial.aalborg.applications.get().pages == 11


def test_an_application_sent_twice_is_recorded_once(post_form, trial):
    token = str(uuid.uuid4())
    for _twice in range(2):
        response = post_form("application", "aalborg", **APPLICATION, version="0", submission=token)
        assert response.status_code == 302
    other = post_form(
        "application", "aalborg", **APPLICATION | {"pages": "12"}, version="0", submission=token
    )
    assert "gemt med et andet indhold" in other.content.decode()
    assert trial.aalborg.applications.get().pages == 11
