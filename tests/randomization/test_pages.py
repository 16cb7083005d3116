"""The pages of the draw: the caseworker's and the leader's, and the agency's ledger."""

import csv
import datetime
import io
import json

import pytest
from django.urls import reverse

from accounts.roles import Role
from audit.models import AccessRecord
from cases.models import Course
from randomization.draw.actions import draw_project
from randomization.ledger import verify_draw
from randomization.models import Allocation, Arm
from tests.factories import DRAWN_ON, ProjectFactory, ReferralFactory, UserFactory
from tests.loops import some

pytestmark = pytest.mark.usefixtures("draw_within_transaction")

WAITING, DRAW, DRAWN = "/lodtraekning/", "/lodtraekning/traek/", "/lodtraekning/trukket/"
LEDGER, DOWNLOAD = "/lodtraekning/protokol/", "/lodtraekning/protokol/hent/"


@pytest.fixture
def caseworker(aalborg):
    return UserFactory(project=aalborg, roles=[Role.COORDINATING_CASEWORKER])


@pytest.fixture
def leader(aalborg):
    return UserFactory(project=aalborg, roles=[Role.PROJECT_LEADER])


@pytest.fixture
def caseworker_client(client, caseworker):
    """A browser where the caseworker is signed in."""
    client.force_login(caseworker)
    return client


@pytest.fixture
def agency_client(client, aalborg):
    """A browser where somebody of the agency is signed in."""
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


@pytest.fixture
def referral_in_aarhus(aalborg):
    """A citizen who waits in another project."""
    return ReferralFactory(project=ProjectFactory(slug="aarhus", codes=["0751"]))


def test_who_waits_is_listed_in_the_order_of_the_draw(caseworker_client, refer_citizens, referral_in_aarhus):
    later = refer_citizens(2, first=datetime.date(2016, 3, 20))
    earlier = refer_citizens(1, "activity_ready")

    answer = caseworker_client.get(WAITING)

    names = [row.name for row in answer.context["table"].records]
    assert names == [referral.name for referral in [*earlier, *later]]
    assert referral_in_aarhus.name not in answer.content.decode()
    record = AccessRecord.objects.get(action="randomization.waiting")
    assert set(record.citizens) == {referral.citizen.public_id for referral in [*earlier, *later]}


def test_drawing_asks_first_and_says_how_many(caseworker_client, refer_citizens, aalborg):
    refer_citizens(2)
    refer_citizens(1, "activity_ready")

    answer = caseworker_client.get(DRAW, {"project": aalborg.slug})

    assert [part.citizens for part in answer.context["parts"]] == [1, 2]
    assert Allocation.objects.count() == 0
    assert not AccessRecord.objects.filter(action__startswith="randomization").exists()


def test_drawing_on_the_page(caseworker_client, refer_citizens, aalborg, caseworker):
    referrals = refer_citizens(6)

    answer = caseworker_client.post(DRAW, {"project": "aalborg", "on": "2016-04-04"}, follow=True)

    rows = list(Allocation.objects.order_by("sequence"))
    assert [row.referral for row in rows] == referrals
    assert {(row.allocated_on, row.drawn_by) for row in rows} == {(DRAWN_ON, caseworker)}
    assert answer.redirect_chain == [(f"{DRAWN}?first=1&last=6", 302)]
    assert [row.pk for row in answer.context["table"].records] == [row.pk for row in reversed(rows)]
    text = answer.content.decode()
    for referral in some(referrals):
        assert referral.name in text
    record = AccessRecord.objects.get(action="randomization.drawn")
    assert set(record.citizens) == {referral.citizen.public_id for referral in referrals}


def test_the_same_form_sent_twice_draws_once(caseworker_client, refer_citizens):
    refer_citizens(3)
    for _ in range(2):
        answer = caseworker_client.post(DRAW, {"project": "aalborg", "on": "2016-04-04"}, follow=True)

    assert Allocation.objects.count() == 3
    assert answer.redirect_chain[0][0] == WAITING


@pytest.mark.parametrize(
    ("on", "field"),
    [("2017-03-02", "on"), ("2016-02-29", "on"), ("", "on"), ("4. april", "on")],
)
def test_a_refusal_stands_beside_the_day_and_nothing_typed_is_lost(
    caseworker_client, refer_citizens, on, field
):
    refer_citizens(1)

    answer = caseworker_client.post(DRAW, {"project": "aalborg", "on": on})

    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert f'value="{on}"' in answer.content.decode() or not on
    assert Allocation.objects.count() == 0


def test_a_real_trial_asks_for_no_day(
    caseworker_client, refer_citizens, agency_share_file, monkeypatch, time_machine
):
    time_machine.move_to(datetime.datetime(2016, 4, 6, 9, tzinfo=datetime.UTC))
    caseworker_client.force_login(caseworker_client.get(WAITING).wsgi_request.user)
    refer_citizens(1)
    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)

    assert "on" not in caseworker_client.get(DRAW, {"project": "aalborg"}).context["form"].fields
    caseworker_client.post(DRAW, {"project": "aalborg", "on": "2016-04-04"})

    assert Allocation.objects.get().allocated_on == datetime.date(2016, 4, 6)


def test_another_project_answers_as_one_that_does_not_exist(caseworker_client, referral_in_aarhus):
    foreign = caseworker_client.get(DRAW, {"project": "aarhus"})
    nowhere = caseworker_client.get(DRAW, {"project": "nowhere"})
    assert foreign.status_code == nowhere.status_code == 404
    assert foreign.content == nowhere.content

    foreign = caseworker_client.post(DRAW, {"project": "aarhus", "on": "2016-04-04"})
    assert foreign.status_code == 404
    assert foreign.content == nowhere.content
    assert Allocation.objects.count() == 0
    assert AccessRecord.objects.filter(outcome="refused", action="randomization.draw").count() == 3


def test_without_a_project_one_is_sent_to_the_list(caseworker_client):
    assert caseworker_client.get(DRAW).url == WAITING


def test_the_leader_goes_from_the_result_to_the_course(
    client, leader, refer_citizens, demonstration, aalborg
):
    refer_citizens(8)
    draw_project(aalborg, DRAWN_ON, shares=demonstration)
    client.force_login(leader)

    rows = client.get(DRAWN).context["table"].records

    courses = dict(Course.objects.values_list("citizen_id", "public_id"))
    for row in some(rows):
        assert row.course_id_seen == courses.get(row.citizen_id)
    assert {row.arm for row in rows if row.course_id_seen} == {Arm.PARTICIPANT}


def test_a_caseworker_is_not_led_to_a_course_they_may_not_see(
    caseworker_client, refer_citizens, demonstration, aalborg
):
    refer_citizens(8)
    draw_project(aalborg, DRAWN_ON, shares=demonstration)

    answer = caseworker_client.get(DRAWN)

    assert {row.course_id_seen for row in answer.context["table"].records} == {None}


def test_the_drawn_of_other_projects_are_not_shown(
    caseworker_client, referral_in_aarhus, refer_citizens, demonstration, aalborg
):
    refer_citizens(2)
    for project in (aalborg, referral_in_aarhus.project):
        draw_project(project, DRAWN_ON, shares=demonstration)

    answer = caseworker_client.get(DRAWN, {"first": 1, "last": 99})

    assert len(answer.context["table"].records) == 2
    assert referral_in_aarhus.name not in answer.content.decode()


@pytest.mark.parametrize("address", [WAITING, DRAWN])
def test_lists_take_the_same_few_queries_whatever_the_rows(
    caseworker_client, refer_citizens, demonstration, aalborg, address, django_assert_max_num_queries
):
    refer_citizens(12)
    if address == DRAWN:
        draw_project(aalborg, DRAWN_ON, shares=demonstration)
    with django_assert_max_num_queries(8):
        caseworker_client.get(address)
    refer_citizens(30)
    if address == DRAWN:
        draw_project(aalborg, DRAWN_ON, shares=demonstration)
    with django_assert_max_num_queries(8):
        caseworker_client.get(address)


@pytest.fixture
def drawn_referrals(refer_citizens, demonstration, aalborg, referral_in_aarhus):
    """Eleven referrals, drawn in two projects."""
    referrals = [*refer_citizens(7), *refer_citizens(3, "activity_ready"), referral_in_aarhus]
    for project in (aalborg, referral_in_aarhus.project):
        draw_project(project, DRAWN_ON, shares=demonstration)
    return referrals


def test_the_agency_sees_the_ledger_by_pseudonym(
    agency_client, drawn_referrals, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        text = agency_client.get(LEDGER).content.decode()

    for referral in some(drawn_referrals):
        assert referral.citizen.pseudonym in text
        assert referral.name not in text
        assert referral.citizen.cpr not in text
        assert str(referral.public_id) not in text
    assert len(AccessRecord.objects.get(action="randomization.ledger").citizens) == 11


def test_the_ledger_is_filtered_in_the_address(agency_client, drawn_referrals):
    def count(**query):
        return len(agency_client.get(LEDGER, query).context["table"].records)

    assert count(project="aarhus") == 1
    assert count(target_group="activity_ready") == 3
    assert count(arm="participant") + count(arm="control") == 11
    assert count(project="aalborg", target_group="resource_programme") == 7


def test_the_agency_downloads_the_ledger(agency_client, drawn_referrals):
    answer = agency_client.get(DOWNLOAD, {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [int(row["sequence"]) for row in rows] == list(range(1, 12))
    assert "oevelse" in answer["Content-Disposition"]

    document = json.loads(agency_client.get(DOWNLOAD).content)
    assert verify_draw.verify(document) == []
    part = json.loads(agency_client.get(DOWNLOAD, {"project": "aarhus"}).content)
    assert len(part["drawn"]) == 1
    assert agency_client.get(DOWNLOAD, {"project": "nowhere"}).status_code == 404
    records = AccessRecord.objects.filter(action="randomization.export").order_by("pk")
    assert [len(record.citizens) for record in records] == [11, 11, 1]


def test_the_agency_downloads_the_commitments(agency_client, drawn_referrals):
    published = json.loads(agency_client.get(reverse("randomization:download_commitments")).content)

    assert published["head"]["sequence"] == 11
    document = json.loads(agency_client.get(DOWNLOAD).content)
    assert verify_draw.verify(document, published) == []


def test_empty_pages_say_what_to_do(agency_client, client, caseworker_client, aalborg):
    assert caseworker_client.get(WAITING).status_code == 200
    assert caseworker_client.get(DRAWN).status_code == 200
    assert caseworker_client.get(DRAW, {"project": "aalborg"}).context["parts"] == []


def test_the_empty_ledger(agency_client):
    assert agency_client.get(LEDGER).status_code == 200
    assert json.loads(agency_client.get(DOWNLOAD).content)["drawn"] == []


def test_no_future_arm_and_no_block_size_on_any_page(client, leader, refer_citizens, aalborg, system_shares):
    """Fifty are drawn; no nonce, leaf or key of what comes next is on a page or in a download."""
    refer_citizens(50)
    draw_project(aalborg, DRAWN_ON)
    stratum = Allocation.objects.first().stratum
    committed_list = system_shares.committed_list(stratum.label, stratum.capacity)
    texts = []
    client.force_login(leader)
    texts += [client.get(address).content.decode() for address in (WAITING, DRAWN)]
    texts.append(client.get(DRAW, {"project": "aalborg"}).content.decode())
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    texts += [
        client.get(address).content.decode() for address in (LEDGER, DOWNLOAD, f"{DOWNLOAD}?format=csv")
    ]
    everything = "".join(texts)

    assert committed_list.nonce(50).hex() in everything
    for slot in range(51, 400):
        assert committed_list.nonce(slot).hex() not in everything
    assert system_shares.key(stratum.label).hex() not in everything
    assert "block" not in everything.replace("blockquote", "")
