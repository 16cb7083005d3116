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
def page(client, caseworker):
    """The caseworker's browser."""
    client.force_login(caseworker)
    return client


def stated(number: int = 1, **changes: str) -> dict[str, str]:
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


def shown_to(user) -> list[tuple[str, str, int]]:
    records = AccessRecord.objects.filter(user=user).order_by("pk")
    return [(each.action, each.outcome, len(each.citizens)) for each in records]


def test_every_reason_and_flag_has_words() -> None:
    assert set(WORDS) == {str(code) for code in [*RefusalReason, *ReferralFlag]}


# The form


def test_the_form_opens_with_today_and_the_own_municipalities(page) -> None:
    html = page.get(NEW).content.decode()
    assert "Odense" in html
    assert "Aarhus" not in html
    assert f'value="{datetime.date.today():%Y-%m-%d}"' in html


def test_checking_says_every_reason_and_saves_nothing(page, caseworker) -> None:
    answer = page.post(NEW, stated(activity_ready="false", in_integration_programme="true", check="1"))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "Borgeren er ikke aktivitetsparat." in html
    assert "Borgeren er omfattet af integrationsprogrammet." in html
    assert cpr(1) in html  # nothing typed is lost
    assert not Citizen.objects.exists()
    assert shown_to(caseworker) == []


def test_checking_with_htmx_answers_with_the_answer_alone(page) -> None:
    answer = page.post(NEW, stated(check="1"), headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "<html" not in html
    assert "Borgeren kan deltage" in html


def test_checking_before_all_is_filled_in_says_what_is_missing(page) -> None:
    answer = page.post(NEW, stated(benefit="", check="1"), headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "Ydelse" in html
    assert "Borgeren kan deltage" not in html


def test_an_eligible_citizen_is_referred_and_shown(page, caseworker) -> None:
    answer = page.post(NEW, stated(), follow=True)
    referral = Referral.objects.get()
    assert answer.redirect_chain == [(reverse("cases:referral", args=[referral.public_id]), 302)]
    assert (referral.state, referral.referred_by) == ("accepted", caseworker)
    html = answer.content.decode()
    assert "Borgeren kan deltage" in html
    assert "Testborger Et" in html
    assert ("referral", "shown", 1) in shown_to(caseworker)


def test_a_refused_citizen_is_kept_with_every_reason(page) -> None:
    html = page.post(
        NEW, stated(activity_ready="false", public_support_since="2016-05-01"), follow=True
    ).content.decode()
    assert Referral.objects.get().reasons == ["not_activity_ready", "public_support_under_one_year"]
    assert "Borgeren er ikke aktivitetsparat." in html
    assert "mindre end et år" in html


def test_a_duplicate_says_only_that_the_citizen_is_in_the_trial(page) -> None:
    aarhus = ProjectFactory(slug="aarhus", name="Projekt Aarhus", codes=["0751"])
    ReferralFactory(project=aarhus, citizen=CitizenFactory(cpr=cpr(1)), name="Andet Navn")
    for extra in ({"check": "1"}, {}):
        html = page.post(NEW, stated(**extra), follow=True).content.decode()
        assert "Borgeren er allerede med i forsøget." in html
        assert "Aarhus" not in html
        assert "0751" not in html
    assert Referral.objects.filter(state="refused", reasons=["already_referred"]).count() == 1


def test_looking_up_somebody_the_trial_knows_is_recorded(page, caseworker) -> None:
    ReferralFactory(citizen=CitizenFactory(cpr=cpr(1)))
    page.post(NEW, stated(check="1"))
    assert shown_to(caseworker) == [("referral.check", "shown", 1)]


def test_the_same_form_sent_twice_refers_once(page) -> None:
    form = stated()
    first, second = page.post(NEW, form), page.post(NEW, form)
    assert first["Location"] == second["Location"]
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("cpr", "12345", "skal være ti cifre"),
        ("cpr", "3102701234", "er ikke en fødselsdato"),
        ("name", "", "Dette felt er påkrævet"),
        ("municipality", "0751", "Marker en gyldig valgmulighed"),
        ("public_support_since", "i går", "Indtast en gyldig dato"),
        ("activity_ready", "", "Dette felt er påkrævet"),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_is_lost(page, field, value, words) -> None:
    ProjectFactory(slug="aarhus", codes=["0751"])
    answer = page.post(NEW, stated(**{field: value}))
    assert list(answer.context["form"].errors) == [field]
    html = answer.content.decode()
    assert words in html
    assert 'value="2016-06-01"' in html
    assert not Referral.objects.exists()


def test_in_a_real_system_nobody_is_referred_ahead_of_the_clock(page, settings, time_machine) -> None:
    settings.JOBFIRST_MODE = "real"
    time_machine.move_to(datetime.datetime(2016, 5, 31, 12, tzinfo=datetime.UTC))
    answer = page.post(NEW, stated())
    assert list(answer.context["form"].errors) == ["referred_on"]


# The list and one referral


def test_the_list_shows_the_own_projects_referrals_and_records_who_was_seen(page, odense, caseworker) -> None:
    ReferralFactory(project=odense, name="Min Borger")
    ReferralFactory(name="Fremmed Borger")
    html = page.get(LIST).content.decode()
    assert "Min Borger" in html
    assert "Fremmed" not in html
    assert shown_to(caseworker) == [("referrals", "shown", 1)]


def test_a_refused_row_gives_every_reason(page, odense) -> None:
    ReferralFactory(project=odense, state="refused", reasons=["under_30", "wrong_benefit"])
    html = page.get(LIST).content.decode()
    assert str(WORDS["under_30"]) in html
    assert str(WORDS["wrong_benefit"]) in html


def test_the_list_is_filtered_and_sorted_by_its_address(page, odense) -> None:
    ReferralFactory(project=odense, name="Anna Test")
    ReferralFactory(project=odense, name="Bo Test", state="refused", reasons=["under_30"])
    refused = page.get(LIST, {"state": "refused"}).content.decode()
    assert "Bo Test" in refused
    assert "Anna Test" not in refused
    assert "Anna Test" in page.get(LIST, {"name": "anna"}).content.decode()
    backwards = page.get(LIST, {"sort": "-citizen"}).content.decode()
    assert backwards.index("Bo Test") < backwards.index("Anna Test")


def test_an_empty_list_says_what_to_do_next(page) -> None:
    html = page.get(LIST).content.decode()
    assert f'href="{NEW}"' in html


@pytest.mark.parametrize("rows", [3, 60])
def test_the_list_takes_the_same_few_queries_whatever_its_length(
    page, odense, rows, django_assert_max_num_queries
) -> None:
    for _ in range(rows):
        ReferralFactory(project=odense)
    page.get(LIST)
    with django_assert_max_num_queries(8):
        html = page.get(LIST).content.decode()
    assert len(re.findall(r'href="/henvisninger/[0-9a-f-]{36}/"', html)) == min(rows, 25)


def test_one_referral_takes_few_queries(page, odense, django_assert_max_num_queries) -> None:
    referral = ReferralFactory(project=odense)
    with django_assert_max_num_queries(8):
        assert page.get(reverse("cases:referral", args=[referral.public_id])).status_code == 200


def test_a_participants_referral_leads_to_the_course_when_it_may_be_seen(page, odense, caseworker) -> None:
    mine = CourseFactory(project_for=odense, holders=caseworker)
    colleagues = CourseFactory(project_for=odense)
    for course, leads in [(mine, True), (colleagues, False)]:
        html = page.get(reverse("cases:referral", args=[course.referral.public_id])).content.decode()
        assert "Deltager, startet 4. april 2016." in html
        assert (f'href="{reverse("cases:course", args=[course.public_id])}"' in html) is leads


def test_a_foreign_referral_answers_like_one_that_does_not_exist(page, caseworker) -> None:
    foreign = ReferralFactory()
    answers = [
        page.get(reverse("cases:referral", args=[public_id]))
        for public_id in (foreign.public_id, uuid.uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert shown_to(caseworker) == [("referral", "refused", 1), ("referral", "refused", 0)]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.JOB_CONSULTANT, Role.COURSE_OWNER, Role.AGENCY])
def test_others_neither_see_nor_refer(client, odense, role) -> None:
    client.force_login(UserFactory(project=odense, roles=[role]))
    referral = ReferralFactory(project=odense)
    assert [client.get(path).status_code for path in (LIST, NEW, "/henvisninger/indlaes/")] == [403] * 3
    assert client.get(reverse("cases:referral", args=[referral.public_id])).status_code == 404
    assert client.post(NEW, stated()).status_code == 403


def test_a_leader_reads_and_does_not_refer(client, odense) -> None:
    client.force_login(UserFactory(project=odense, roles=[Role.PROJECT_LEADER]))
    referral = ReferralFactory(project=odense)
    assert client.get(LIST).status_code == 200
    assert client.get(reverse("cases:referral", args=[referral.public_id])).status_code == 200
    assert client.get(NEW).status_code == 403


# Files


def send(client, path: str, columns: tuple[str, ...], *rows: str):
    content = "\n".join([";".join(columns), *rows]).encode()
    return client.post(path, {"file": SimpleUploadedFile("delivery.csv", content)})


def referral_row(number: int, code: str = "0461", since: str = "2014-01-01") -> str:
    return f"{cpr(number)};Testborger;{code};activity_ready;cash_benefit;{since};ja;nej;2016-06-01"


def test_referrals_are_sent_in_as_a_file(page, caseworker) -> None:
    rows = [referral_row(1), referral_row(2, since="2016-01-01")]
    html = send(page, "/henvisninger/indlaes/", exchange.REFERRAL_COLUMNS, *rows).content.decode()
    assert "mindre end et år" in html
    assert Referral.objects.filter(referred_by=caseworker).count() == 2
    assert shown_to(caseworker) == [("referrals.upload", "shown", 2)]
    assert cpr(1) not in html


def test_bad_rows_are_listed_and_nothing_is_saved(page, caseworker) -> None:
    ProjectFactory(slug="aarhus", codes=["0751"])
    rows = [referral_row(1), referral_row(2, code="0751"), referral_row(1)]
    answer = send(page, "/henvisninger/indlaes/", exchange.REFERRAL_COLUMNS, *rows)
    assert [(each.line, each.column) for each in answer.context["errors"]] == [
        (3, "municipality_code"),
        (4, "cpr"),
    ]
    assert not Referral.objects.exists()
    assert not Citizen.objects.exists()
    assert shown_to(caseworker) == []
    assert cpr(1) not in answer.content.decode()


def test_functions_and_contacts_are_sent_in_for_the_own_courses_only(page, odense, caseworker) -> None:
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
        assert send(page, path, columns, row.format(cpr(1))).status_code == 200
        assert model.objects.count() == 1
        answer = send(page, path, columns, row.format(cpr(2)))
        assert [each.column for each in answer.context["errors"]] == ["cpr"]
        assert model.objects.count() == 1
    assert [action for action, _, _ in shown_to(caseworker)] == ["functions.upload", "contacts.upload"]


@pytest.mark.parametrize("path", ["/henvisninger/indlaes/", "/indlaes/funktioner/", "/indlaes/kontakter/"])
def test_the_upload_pages_say_what_a_file_must_hold(page, path: str) -> None:
    assert "cpr;" in page.get(path).content.decode()
