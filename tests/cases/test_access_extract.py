"""Who has seen a citizen, for the leader to hand out: of refused people and the control group as well."""

import datetime
import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from cases.presentation import access_extract
from cases.presentation.access_extract import extract_lines
from cases.tables.access_log import access_records
from tests.factories import ProjectFactory, ReferralFactory, UserFactory
from tests.pdf_text import pdf_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def same_day(monkeypatch):
    """All records are of one day also around midnight: the database dates them, so no test's clock does."""
    day = SimpleNamespace(localdate=lambda _moment: datetime.date(2016, 3, 1))
    monkeypatch.setattr(access_extract, "timezone", day)


@pytest.fixture
def refused():
    """A referral that was refused: there is no course."""
    return ReferralFactory(state="refused", reasons=["under_30"])


@pytest.fixture
def leader(refused):
    return UserFactory(project=refused.project, roles=[Role.PROJECT_LEADER], name="Lene Leder")


@pytest.fixture
def caseworker(refused):
    return UserFactory(
        project=refused.project, roles=[Role.COORDINATING_CASEWORKER], name="Sanne Sagsbehandler"
    )


def path(referral, name="referral_log"):
    return reverse(f"cases:{name}", args=[referral.public_id])


def test_the_leader_sees_who_has_seen_somebody_who_was_refused(client, refused, leader, caseworker):
    client.force_login(caseworker)
    client.get(reverse("cases:referral", args=[refused.public_id]))
    client.force_login(leader)
    page = client.get(path(refused))
    assert [(row.user.name, row.action) for row in page.context["table"].records] == [
        ("Lene Leder", "referral.log"),
        ("Sanne Sagsbehandler", "referral"),
    ]
    assert path(refused, "referral_log_pdf") in page.content.decode()


def test_the_page_of_the_referral_leads_the_leader_there_and_nobody_else(client, refused, leader, caseworker):
    referral = reverse("cases:referral", args=[refused.public_id])
    client.force_login(leader)
    assert path(refused) in client.get(referral).content.decode()
    client.force_login(caseworker)
    assert path(refused) not in client.get(referral).content.decode()
    assert client.get(path(refused)).status_code == 403
    assert client.get(path(refused, "referral_log_pdf")).status_code == 403


def test_another_projects_leader_finds_nothing(client, refused):
    client.force_login(UserFactory(project=ProjectFactory(), roles=[Role.PROJECT_LEADER]))
    assert client.get(path(refused)).status_code == 404
    assert client.get(path(refused, "referral_log_pdf")).status_code == 404


def test_the_paper_says_who_when_and_what_in_words(client, refused, leader, caseworker, same_day):
    for action in ("referral", "referral", "referrals"):
        AccessRecord.objects.create(
            user=caseworker, action=action, outcome="shown", citizens=[refused.citizen.public_id]
        )
    stranger = UserFactory(
        project=ProjectFactory(), roles=[Role.COORDINATING_CASEWORKER], name="Finn Fremmed"
    )
    client.force_login(stranger)
    client.get(reverse("cases:referral", args=[refused.public_id]))
    client.force_login(leader)

    text = " ".join(pdf_text(client.get(path(refused, "referral_log_pdf")).content).split())

    assert "Hvem har set mig" in text
    assert refused.name in text
    assert "Sanne Sagsbehandler koordinerende sagsbehandler Listen over henvisninger, Henvisningen" in text
    assert "Finn Fremmed Adgang nægtet: Henvisningen" in text
    assert "referral" not in text
    assert AccessRecord.objects.filter(user=leader, action="referral.log.pdf").count() == 1


def test_a_line_holds_all_that_a_person_saw_on_a_day(
    refused, caseworker, same_day, django_assert_num_queries
):
    for number in range(30):
        AccessRecord.objects.create(
            user=caseworker if number % 2 else None,
            action="course.appointment" if number % 3 else "gaps.command",
            outcome="shown",
            citizens=[refused.citizen.public_id],
        )
    with django_assert_num_queries(2):
        lines = extract_lines(access_records(refused), refused.project_id)
    assert [line.person for line in lines] == [
        "Sanne Sagsbehandler",
        "Ikke logget ind",
        "Systemets drift",
    ]
    assert [len(line.pages) for line in lines] == [2, 1, 1]


def test_the_page_names_commands_and_pages_by_link_as_the_paper_does(refused, leader, client):
    citizens = [refused.citizen.public_id]
    for action in ("gaps.command", "link.appointment"):
        AccessRecord.objects.create(action=action, outcome="shown", citizens=citizens)
    client.force_login(leader)
    page = client.get(path(refused)).content.decode()
    rows = [re.sub(r"<[^>]+>", " ", row) for row in re.findall(r"<tr>.*?</tr>", page)]
    assert ["Systemets drift" in row for row in rows if "(kommando)" in row] == [True]
    assert sum("Ikke logget ind" in row for row in rows) == 1
    assert sum("Lene Leder" in row for row in rows) == 1
