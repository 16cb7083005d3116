"""The referral pages: the list, the answer before and after saving, one referral, files (D1, D5)."""

import datetime
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from cases import exchange
from cases.models import Citizen, FunctionHolding, MentorContact, Referral
from cases.presentation.reasons import WORDS
from cases.rules.eligibility import ReferralFlag, RefusalReason
from tests.factories import (
    CitizenFactory,
    CourseFactory,
    ProjectFactory,
    ReferralFactory,
    UserFactory,
    cpr,
)

pytestmark = pytest.mark.django_db

LIST, NEW = "/henvisninger/", "/henvisninger/ny/"


@pytest.fixture
def odense():
    return ProjectFactory(slug="odense", codes=["0461"])


@pytest.fixture
def caseworker(odense):
    return UserFactory(project=odense, roles=[Role.COORDINATING_CASEWORKER])


@pytest.fixture
def caseworker_client(client, caseworker):
    """A client signed in as the caseworker."""
    client.force_login(caseworker)
    return client


def form_data(number: int = 1, **changes: str) -> dict[str, str]:
    return {
        "cpr": cpr(number),
        "name": "Testborger Et",
        "municipality": "0461",
        "target_group": "activity_ready",
        "benefit": "cash_benefit",
        "public_support_since": "2014-01-01",
        "activity_ready": "true",
        "in_integration_programme": "false",
        "referred_on": "2016-06-01",
        "submission": str(uuid.uuid4()),
        **changes,
    }


def access_records_of(user) -> list[tuple[str, str, int]]:
    records = AccessRecord.objects.filter(user=user).order_by("pk")
    return [(record.action, record.outcome, len(record.citizens)) for record in records]


def test_every_reason_and_flag_has_words() -> None:
    assert set(WORDS) == {str(code) for code in [*RefusalReason, *ReferralFlag]}


# The form


def test_the_form_opens_with_today_and_the_own_municipalities(caseworker_client) -> None:
    html = caseworker_client.get(NEW).content.decode()
    assert "Odense" in html
    assert "Aarhus" not in html
    assert f'value="{datetime.date.today():%Y-%m-%d}"' in html


def test_checking_says_every_reason_and_saves_nothing(caseworker_client, caseworker) -> None:
    response = caseworker_client.post(
        NEW, form_data(activity_ready="false", in_integration_programme="true", check="1")
    )
    html = response.content.decode()
    assert response.status_code == 200
    assert "Borgeren er ikke aktivitetsparat." in html
    assert "Borgeren er omfattet af integrationsprogrammet." in html
    assert cpr(1) in html  # nothing typed is lost
    assert not Citizen.objects.exists()
    assert access_records_of(caseworker) == [("referral.check", "shown", 0)]  # it counts, known or not


def test_checking_with_htmx_answers_with_the_answer_alone(caseworker_client) -> None:
    response = caseworker_client.post(NEW, form_data(check="1"), headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "<html" not in html
    assert "Borgeren er i målgruppen" in html


def test_checking_before_all_is_filled_in_says_what_is_missing(caseworker_client) -> None:
    response = caseworker_client.post(NEW, form_data(benefit="", check="1"), headers={"HX-Request": "true"})
    html = response.content.decode()
    assert "Ydelse" in html
    assert "Borgeren er i målgruppen" not in html


def test_an_eligible_citizen_is_referred_and_shown(caseworker_client, caseworker) -> None:
    response = caseworker_client.post(NEW, form_data(), follow=True)
    referral = Referral.objects.get()
    assert response.redirect_chain == [(reverse("cases:referral", args=[referral.public_id]), 302)]
    assert (referral.state, referral.referred_by) == ("accepted", caseworker)
    html = response.content.decode()
    assert "Borgeren er i målgruppen" in html
    assert "Testborger Et" in html
    assert ("referral", "shown", 1) in access_records_of(caseworker)


def test_a_refused_citizen_is_kept_with_every_reason(caseworker_client) -> None:
    html = caseworker_client.post(
        NEW, form_data(activity_ready="false", public_support_since="2016-05-01"), follow=True
    ).content.decode()
    assert Referral.objects.get().reasons == ["not_activity_ready", "public_support_under_one_year"]
    assert "Borgeren er ikke aktivitetsparat." in html
    assert "mindre end et år" in html


def test_a_duplicate_says_only_that_the_citizen_is_in_the_trial(caseworker_client) -> None:
    aarhus = ProjectFactory(slug="aarhus", name="Projekt Aarhus", codes=["0751"])
    ReferralFactory(project=aarhus, citizen=CitizenFactory(cpr=cpr(1)), name="Andet Navn")
    for extra in ({"check": "1"}, {}):
        html = caseworker_client.post(NEW, form_data(**extra), follow=True).content.decode()
        assert "Borgeren er allerede med i forsøget." in html
        assert "Aarhus" not in html
        assert "0751" not in html
    assert Referral.objects.filter(state="refused", reasons=["already_referred"]).count() == 1


def test_looking_up_somebody_the_trial_knows_is_recorded(caseworker_client, caseworker) -> None:
    ReferralFactory(citizen=CitizenFactory(cpr=cpr(1)))
    caseworker_client.post(NEW, form_data(check="1"))
    assert access_records_of(caseworker) == [("referral.check", "shown", 1)]


def test_the_same_form_sent_twice_refers_once(caseworker_client) -> None:
    form = form_data()
    first, second = caseworker_client.post(NEW, form), caseworker_client.post(NEW, form)
    assert first["Location"] == second["Location"]
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("cpr", "12345", "skal være ti cifre"),
        ("cpr", "3102701234", "skal være en fødselsdato"),
        ("name", "", "Dette felt er påkrævet"),
        ("municipality", "0751", "Marker en gyldig valgmulighed"),
        ("public_support_since", "i går", "Indtast en gyldig dato"),
        ("activity_ready", "", "Dette felt er påkrævet"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_is_lost(caseworker_client, field, value, words) -> None:
    ProjectFactory(slug="aarhus", codes=["0751"])
    response = caseworker_client.post(NEW, form_data(**{field: value}))
    assert list(response.context["form"].errors) == [field]
    html = response.content.decode()
    assert words in html
    assert 'value="2016-06-01"' in html
    assert not Referral.objects.exists()


def test_in_a_real_system_nobody_is_referred_ahead_of_the_clock(
    caseworker_client, settings, time_machine
) -> None:
    settings.JOBFIRST_MODE = "real"
    time_machine.move_to(datetime.datetime(2016, 5, 31, 12, tzinfo=datetime.UTC))
    response = caseworker_client.post(NEW, form_data())
    assert list(response.context["form"].errors) == ["referred_on"]


# The list and one referral


def test_the_list_shows_the_own_projects_referrals_and_records_who_was_seen(
    caseworker_client, odense, caseworker
) -> None:
    ReferralFactory(project=odense, name="Min Borger")
    ReferralFactory(name="Fremmed Borger")
    html = caseworker_client.get(LIST).content.decode()
    assert "Min Borger" in html
    assert "Fremmed" not in html
    assert access_records_of(caseworker) == [("referrals", "shown", 1)]


def test_a_refused_row_gives_every_reason(caseworker_client, odense) -> None:
    ReferralFactory(project=odense, state="refused", reasons=["under_30", "wrong_benefit"])
    html = caseworker_client.get(LIST).content.decode()
    assert str(WORDS["under_30"]) in html
    assert str(WORDS["wrong_benefit"]) in html


def test_the_list_is_filtered_and_sorted_by_its_address(caseworker_client, odense) -> None:
    ReferralFactory(project=odense, name="Anna Test")
    ReferralFactory(project=odense, name="Bo Test", state="refused", reasons=["under_30"])
    refused = caseworker_client.get(LIST, {"state": "refused"}).content.decode()
    assert "Bo Test" in refused
    assert "Anna Test" not in refused
    assert "Anna Test" in caseworker_client.get(LIST, {"name": "anna"}).content.decode()
    backwards = caseworker_client.get(LIST, {"sort": "-citizen"}).content.decode()
    assert backwards.index("Bo Test") < backwards.index("Anna Test")


def test_an_empty_list_says_what_to_do_next(caseworker_client) -> None:
    html = caseworker_client.get(LIST).content.decode()
    assert f'href="{NEW}"' in html


@pytest.mark.parametrize("rows", [3, 60])
def test_the_list_takes_the_same_few_queries_whatever_its_length(
    caseworker_client, odense, rows, django_assert_max_num_queries
) -> None:
    for _ in range(rows):
        ReferralFactory(project=odense)
    caseworker_client.get(LIST)
    with django_assert_max_num_queries(8):
        html = caseworker_client.get(LIST).content.decode()
    assert len(re.findall(r'href="/henvisninger/[0-9a-f-]{36}/"', html)) == min(rows, 25)


def test_a_referral_says_yes_and_no_with_a_capital(caseworker_client, odense) -> None:
    referral = ReferralFactory(project=odense, activity_ready=True, in_integration_programme=False)
    url = reverse("cases:referral", args=[referral.public_id])
    html = caseworker_client.get(url).content.decode()
    assert "<dd>Ja</dd>" in html
    assert "<dd>Nej</dd>" in html


def test_one_referral_takes_few_queries(caseworker_client, odense, django_assert_max_num_queries) -> None:
    referral = ReferralFactory(project=odense)
    with django_assert_max_num_queries(8):
        assert caseworker_client.get(reverse("cases:referral", args=[referral.public_id])).status_code == 200


def test_a_participants_referral_leads_to_the_course_when_it_may_be_seen(
    caseworker_client, odense, caseworker
) -> None:
    mine = CourseFactory(project_for=odense, holders=caseworker)
    colleagues = CourseFactory(project_for=odense)
    for course, leads in [(mine, True), (colleagues, False)]:
        html = caseworker_client.get(
            reverse("cases:referral", args=[course.referral.public_id])
        ).content.decode()
        assert "Deltager, startet den 4. april 2016." in html
        assert (f'href="{reverse("cases:course", args=[course.public_id])}"' in html) is leads


def test_a_foreign_referral_answers_like_one_that_does_not_exist(caseworker_client, caseworker) -> None:
    foreign = ReferralFactory()
    responses = [
        caseworker_client.get(reverse("cases:referral", args=[public_id]))
        for public_id in (foreign.public_id, uuid.uuid4())
    ]
    assert [response.status_code for response in responses] == [404, 404]
    assert responses[0].content == responses[1].content
    assert access_records_of(caseworker) == [("referral", "refused", 1), ("referral", "refused", 0)]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.JOB_CONSULTANT, Role.COURSE_OWNER, Role.AGENCY])
def test_others_neither_see_nor_refer(client, odense, role) -> None:
    client.force_login(UserFactory(project=odense, roles=[role]))
    referral = ReferralFactory(project=odense)
    assert [client.get(path).status_code for path in (LIST, NEW, "/henvisninger/indlaes/")] == [403] * 3
    assert client.get(reverse("cases:referral", args=[referral.public_id])).status_code == 404
    assert client.post(NEW, form_data()).status_code == 403


def test_a_leader_reads_and_does_not_refer(client, odense) -> None:
    client.force_login(UserFactory(project=odense, roles=[Role.PROJECT_LEADER]))
    referral = ReferralFactory(project=odense)
    assert client.get(LIST).status_code == 200
    assert client.get(reverse("cases:referral", args=[referral.public_id])).status_code == 200
    assert client.get(NEW).status_code == 403


# Files


def upload(client, path: str, columns: tuple[str, ...], *rows: str):
    content = "\n".join([";".join(columns), *rows]).encode()
    return client.post(path, {"file": SimpleUploadedFile("delivery.csv", content)})


def referral_row(number: int, code: str = "0461", since: str = "2014-01-01") -> str:
    return f"{cpr(number)};Testborger;{code};activity_ready;cash_benefit;{since};ja;nej;2016-06-01"


def test_referrals_are_sent_in_as_a_file(caseworker_client, caseworker) -> None:
    rows = [referral_row(1), referral_row(2, since="2016-01-01")]
    html = upload(
        caseworker_client, "/henvisninger/indlaes/", exchange.REFERRAL_COLUMNS, *rows
    ).content.decode()
    assert "mindre end et år" in html
    assert Referral.objects.filter(referred_by=caseworker).count() == 2
    assert access_records_of(caseworker) == [("upload", "shown", 0), ("referrals.upload", "shown", 2)]
    assert cpr(1) not in html


def test_bad_rows_are_listed_and_nothing_is_saved(caseworker_client, caseworker) -> None:
    ProjectFactory(slug="aarhus", codes=["0751"])
    rows = [referral_row(1), referral_row(2, code="0751"), referral_row(1)]
    response = upload(caseworker_client, "/henvisninger/indlaes/", exchange.REFERRAL_COLUMNS, *rows)
    assert [(error.line, error.column) for error in response.context["errors"]] == [
        (3, "municipality_code"),
        (4, "cpr"),
    ]
    assert not Referral.objects.exists()
    assert not Citizen.objects.exists()
    assert access_records_of(caseworker) == [("upload", "shown", 0)]  # its errors may tell something
    assert cpr(1) not in response.content.decode()


def test_functions_and_contacts_are_sent_in_for_the_own_courses_only(
    caseworker_client, odense, caseworker
) -> None:
    CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(1)))
    CourseFactory(referral__citizen=CitizenFactory(cpr=cpr(2)))
    function = "coordinating_caseworker"
    for path, columns, row, model in [
        (
            "/indlaes/funktioner/",
            exchange.FUNCTION_COLUMNS,
            f"{{}};{function};{caseworker.email};2016-04-04",
            FunctionHolding,
        ),
        ("/indlaes/kontakter/", exchange.CONTACT_COLUMNS, "{};mentor_contact;2016-04-05;ja", MentorContact),
    ]:
        assert upload(caseworker_client, path, columns, row.format(cpr(1))).status_code == 200
        assert model.objects.count() == 1
        response = upload(caseworker_client, path, columns, row.format(cpr(2)))
        assert [error.column for error in response.context["errors"]] == ["cpr"]
        assert model.objects.count() == 1
    assert [action for action, _, _ in access_records_of(caseworker)] == [
        *("upload", "functions.upload", "upload"),
        *("upload", "contacts.upload", "upload"),
    ]


@pytest.mark.parametrize("path", ["/henvisninger/indlaes/", "/indlaes/funktioner/", "/indlaes/kontakter/"])
def test_the_upload_pages_say_what_a_file_must_hold(caseworker_client, path: str) -> None:
    assert "cpr;" in caseworker_client.get(path).content.decode()
