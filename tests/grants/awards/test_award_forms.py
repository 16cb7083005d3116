"""The forms of awards, terms and applications: what a tired person types, and what is said of it."""

import datetime
from datetime import date

import pytest
from django.urls import reverse

from grants.models import Application, GrantTerms
from tests.grants.awards.test_awards import SPRING, enter
from tests.grants.factories import StatementFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def fill(trial, client):
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


def errors(answer):
    assert answer.status_code == 200
    return {name: " ".join(said) for name, said in answer.context["form"].errors.items()}


@pytest.mark.parametrize(("day", "taken"), [(-1, False), (0, True)])
def test_an_award_begins_within_the_project(fill, trial, day, taken):
    first, last = trial.first.starts_on, trial.first.ends_on
    for start, sign in ((first, 1), (last, -1)):
        valid_from = start + sign * datetime.timedelta(days=day)
        answer = fill("new_award", "aalborg", valid_from=valid_from.isoformat(), reason="Fordi")
        if taken:
            assert answer.status_code == 302
        else:
            period = f"fra {first:%d.%m.%Y} til {last:%d.%m.%Y}"
            assert errors(answer) == {"valid_from": f"Dagen skal ligge i projektets periode, {period}."}


@pytest.mark.parametrize("count", ["999999999999", "1000000000", "100001"])
def test_a_target_count_beyond_all_bounds_is_refused_in_words(fill, count):
    for name, more in (("new_award", {}), ("application", {"received_at": "2015-11-01T10:00", "pages": "1"})):
        said = errors(fill(name, "aalborg", target_count=count, reason="Fordi", budget="1", **more))
        assert said["target_count"] == "Skriv højst 100.000."


def test_each_field_of_an_award_says_what_holds_now(fill, trial, client):
    enter(trial.first, SPRING, 100)
    address = reverse("grants:new_award", args=["aalborg"])
    page = client.get(address).content.decode()
    for said in ("Nu: 100", "Nu: 850.000,00", "Nu: 500.000,00"):
        assert said in page


def test_an_award_far_from_the_one_before_is_asked_about(fill, trial, client):
    enter(trial.first, SPRING, 100)
    same = {"valid_from": "2017-01-01", "reason": "Fordi"}
    box = 'type="checkbox" name="sure"'
    address = reverse("grants:new_award", args=["aalborg"])
    assert box not in client.get(address).content.decode()
    said = errors(fill("new_award", "aalborg", **same, target_count="151"))
    expected = "Det er meget anderledes end før: Måltal (100). Sæt kryds, hvis det er meningen."
    assert said == {"sure": expected}
    answer = fill("new_award", "aalborg", **same, target_count="49", budget_staff="249.999,99")
    assert "Måltal (100), budgettet i alt (500.000,00)" in errors(answer)["sure"]
    assert box in answer.content.decode().replace('class="checkboxinput" ', "")
    answer = fill("new_award", "aalborg", **same, target_count="150", budget_staff="250.000")
    assert answer.status_code == 302
    later = {**same, "valid_from": "2017-02-01"}
    assert fill("new_award", "aalborg", **later, target_count="1", sure="on").status_code == 302


def test_the_fixed_grant_is_refused_beside_its_field(fill, trial):
    place = trial.first.municipalities.get()
    field = f"fixed_{place.code}"
    said = errors(
        fill("new_award", "aalborg", valid_from="2016-03-01", reason="x y", **{field: "850.000,01"})
    )
    assert said == {field: "Det faste tilskud er højst 850.000,00 kr. pr. kommune."}


def test_days_in_what_is_said_of_an_award_are_written_as_elsewhere(fill, trial):
    enter(trial.first, SPRING)
    answer = fill("new_award", "aalborg", valid_from="2016-03-01", reason="Fordi")
    assert errors(answer)["valid_from"].endswith("01.03.2016.")
    StatementFactory(project=trial.first, state="approved")
    for name, args in (("new_award", ["aalborg"]), ("new_terms", [])):
        assert (
            "31.12.2016" in errors(fill(name, *args, valid_from="2016-06-01", reason="Fordi"))["valid_from"]
        )


def test_new_terms_begin_as_those_in_force_today(trial, client):
    old = GrantTerms.objects.get()
    own = {"counting_kinds": old.counting_kinds, "ceiling_share": old.ceiling_share, "completion_days": 91}
    ahead = date.today() + datetime.timedelta(days=30)
    GrantTerms.objects.create(valid_from=ahead, start_amount=5, completion_amount=5, reason="Senere", **own)
    client.force_login(trial.agency)
    form = client.get(reverse("grants:new_terms")).context["form"]
    assert form["start_amount"].value() == "8.000,00"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("valid_from", "2014-12-31", "Dagen må tidligst være 01.01.2015."),
        ("valid_from", "2199-01-01", "Dagen må senest være"),
        ("tolerance_days", "32", "Skriv højst 31."),
        ("tolerance_days", "-1", "Skriv mindst 0."),
        ("completion_days", "0", "Skriv mindst 1."),
        ("completion_days", "401", "Skriv højst 400."),
        ("start_amount", "1.000.000,01", "Beløbet må højst være 1.000.000,00 kr."),
        ("start_amount", "-1", "Beløbet skal være mindst 0,00 kr."),
    ],
)
def test_terms_lie_within_what_makes_sense(fill, field, value, said):
    found = errors(fill("new_terms", **{"valid_from": "2017-01-01", "reason": "Fordi", field: value}))
    assert found[field].startswith(said)
    assert GrantTerms.objects.count() == 1


def test_terms_far_from_those_in_force_are_asked_about(fill):
    day = {"valid_from": "2017-01-01", "reason": "Fordi"}
    said = errors(fill("new_terms", **day, start_amount="80.000"))
    assert "meget anderledes end før" in said["sure"]
    assert "(8.000,00)" in said["sure"]
    assert fill("new_terms", **day, start_amount="12.000").status_code == 302
    assert (
        fill("new_terms", **day | {"valid_from": "2017-02-01"}, start_amount="1", sure="on").status_code
        == 302
    )


def test_a_day_has_one_row_of_terms(fill):
    day = {"valid_from": "2027-01-01", "reason": "Fordi"}
    assert fill("new_terms", **day).status_code == 302
    assert errors(fill("new_terms", **day)) == {"valid_from": "Der er allerede satser fra 1. januar 2027."}


def test_no_application_was_received_ahead_of_its_time(fill):
    data = {"pages": "1", "budget": "1", "target_count": "1", "reason": "Fordi"}
    ahead = (datetime.datetime.now() + datetime.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    said = errors(fill("application", "aalborg", received_at=ahead, **data))
    assert said == {"received_at": "Dagen må ikke ligge i fremtiden."}
    assert not Application.objects.exists()


def test_the_cut_off_of_the_filter_is_bound_in_words(see):
    page = see("agency", reverse("grants:statement"), {"year": "2016", "cut_off": "2100-01-01"})
    assert "Dagen må senest være 31.12.2099." in page.content.decode()
