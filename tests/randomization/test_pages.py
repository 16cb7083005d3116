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
from tests.factories import ProjectFactory, ReferralFactory, UserFactory
from tests.randomization.conftest import ON

pytestmark = pytest.mark.usefixtures("one_transaction")

WAITING, DRAW, DRAWN = "/lodtraekning/", "/lodtraekning/traek/", "/lodtraekning/trukket/"
LEDGER, DOWNLOAD = "/lodtraekning/protokol/", "/lodtraekning/protokol/hent/"


@pytest.fixture
def caseworker(project):
    return UserFactory(project=project, roles=[Role.COORDINATING_CASEWORKER])


@pytest.fixture
def leader(project):
    return UserFactory(project=project, roles=[Role.PROJECT_LEADER])


@pytest.fixture
def page(client, caseworker):
    """The caseworker's browser."""
    client.force_login(caseworker)
    return client


@pytest.fixture
def agency(client, project):
    """The agency's browser."""
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


@pytest.fixture
def elsewhere(project):
    """A project of somebody else, where somebody waits."""
    other = ProjectFactory(slug="aarhus", codes=["0751"])
    return ReferralFactory(project=other)


def test_who_waits_is_listed_in_the_order_of_the_draw(page, refer, elsewhere):
    later = refer(2, first=datetime.date(2016, 3, 20))
    earlier = refer(1, "activity_ready")

    answer = page.get(WAITING)

    names = [row.name for row in answer.context["table"].records]
    assert names == [referral.name for referral in [*earlier, *later]]
    assert elsewhere.name not in answer.content.decode()
    shown = AccessRecord.objects.get(action="randomization.waiting")
    assert set(shown.citizens) == {referral.citizen.public_id for referral in [*earlier, *later]}


def test_drawing_asks_first_and_says_how_many(page, refer, project):
    refer(2)
    refer(1, "activity_ready")

    answer = page.get(DRAW, {"project": project.slug})

    assert [part.citizens for part in answer.context["parts"]] == [1, 2]
    assert Allocation.objects.count() == 0
    assert not AccessRecord.objects.filter(action__startswith="randomization").exists()


def test_drawing_on_the_page(page, refer, project, caseworker):
    referrals = refer(6)

    answer = page.post(DRAW, {"project": "aalborg", "on": "2016-04-04"}, follow=True)

    rows = list(Allocation.objects.order_by("sequence"))
    assert [row.referral for row in rows] == referrals
    assert {(row.allocated_on, row.drawn_by) for row in rows} == {(ON, caseworker)}
    assert answer.redirect_chain == [(f"{DRAWN}?first=1&last=6", 302)]
    assert [row.pk for row in answer.context["table"].records] == [row.pk for row in reversed(rows)]
    text = answer.content.decode()
    for referral in referrals:
        assert referral.name in text
    shown = AccessRecord.objects.get(action="randomization.drawn")
    assert set(shown.citizens) == {referral.citizen.public_id for referral in referrals}


def test_the_same_form_sent_twice_draws_once(page, refer):
    refer(3)
    for _ in range(2):
        answer = page.post(DRAW, {"project": "aalborg", "on": "2016-04-04"}, follow=True)

    assert Allocation.objects.count() == 3
    assert answer.redirect_chain[0][0] == WAITING


@pytest.mark.parametrize(
    ("on", "field"),
    [("2017-03-02", "on"), ("2016-02-29", "on"), ("", "on"), ("4. april", "on")],
)
def test_a_refusal_stands_beside_the_day_and_nothing_typed_is_lost(page, refer, on, field):
    refer(1)

    answer = page.post(DRAW, {"project": "aalborg", "on": on})

    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert f'value="{on}"' in answer.content.decode() or not on
    assert Allocation.objects.count() == 0


def test_a_real_trial_asks_for_no_day(page, refer, monkeypatch, time_machine):
    time_machine.move_to(datetime.datetime(2016, 4, 6, 9, tzinfo=datetime.UTC))
    page.force_login(page.get(WAITING).wsgi_request.user)
    refer(1)
    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)

    assert "on" not in page.get(DRAW, {"project": "aalborg"}).context["form"].fields
    page.post(DRAW, {"project": "aalborg", "on": "2016-04-04"})

    assert Allocation.objects.get().allocated_on == datetime.date(2016, 4, 6)


def test_another_project_answers_as_one_that_does_not_exist(page, elsewhere):
    foreign = page.get(DRAW, {"project": "aarhus"})
    nowhere = page.get(DRAW, {"project": "nowhere"})
    assert foreign.status_code == nowhere.status_code == 404
    assert foreign.content == nowhere.content

    foreign = page.post(DRAW, {"project": "aarhus", "on": "2016-04-04"})
    assert foreign.status_code == 404
    assert foreign.content == nowhere.content
    assert Allocation.objects.count() == 0
    assert AccessRecord.objects.filter(outcome="refused", action="randomization.draw").count() == 3


def test_without_a_project_one_is_sent_to_the_list(page):
    assert page.get(DRAW).url == WAITING


def test_the_leader_goes_from_the_result_to_the_course(client, leader, refer, demo, project):
    refer(8)
    draw_project(project, ON, shares=demo)
    client.force_login(leader)

    rows = client.get(DRAWN).context["table"].records

    courses = dict(Course.objects.values_list("citizen_id", "public_id"))
    for row in rows:
        assert row.course_id_seen == courses.get(row.citizen_id)
    assert {row.arm for row in rows if row.course_id_seen} == {Arm.PARTICIPANT}


def test_a_caseworker_is_not_led_to_a_course_they_may_not_see(page, refer, demo, project):
    refer(8)
    draw_project(project, ON, shares=demo)

    answer = page.get(DRAWN)

    assert {row.course_id_seen for row in answer.context["table"].records} == {None}


def test_the_drawn_of_other_projects_are_not_shown(page, elsewhere, refer, demo, project):
    refer(2)
    for one in (project, elsewhere.project):
        draw_project(one, ON, shares=demo)

    answer = page.get(DRAWN, {"first": 1, "last": 99})

    assert len(answer.context["table"].records) == 2
    assert elsewhere.name not in answer.content.decode()


@pytest.mark.parametrize("address", [WAITING, DRAWN])
def test_lists_take_the_same_few_queries_whatever_the_rows(
    page, refer, demo, project, address, django_assert_max_num_queries
):
    refer(12)
    if address == DRAWN:
        draw_project(project, ON, shares=demo)
    with django_assert_max_num_queries(8):
        page.get(address)
    refer(30)
    if address == DRAWN:
        draw_project(project, ON, shares=demo)
    with django_assert_max_num_queries(8):
        page.get(address)


@pytest.fixture
def ledger(refer, demo, project, elsewhere):
    """Eleven citizens drawn in two projects; the names of all of them."""
    referrals = [*refer(7), *refer(3, "activity_ready"), elsewhere]
    for one in (project, elsewhere.project):
        draw_project(one, ON, shares=demo)
    return referrals


def test_the_agency_sees_the_ledger_by_pseudonym(agency, ledger, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        text = agency.get(LEDGER).content.decode()

    for referral in ledger:
        assert referral.citizen.pseudonym in text
        assert referral.name not in text
        assert referral.citizen.cpr not in text
        assert str(referral.public_id) not in text
    assert len(AccessRecord.objects.get(action="randomization.ledger").citizens) == 11


def test_the_ledger_is_filtered_in_the_address(agency, ledger):
    def count(**query):
        return len(agency.get(LEDGER, query).context["table"].records)

    assert count(project="aarhus") == 1
    assert count(target_group="activity_ready") == 3
    assert count(arm="participant") + count(arm="control") == 11
    assert count(project="aalborg", target_group="resource_programme") == 7


def test_the_agency_downloads_the_ledger(agency, ledger):
    answer = agency.get(DOWNLOAD, {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode()), delimiter=";"))
    assert [int(row["sequence"]) for row in rows] == list(range(1, 12))
    assert "oevelse" in answer["Content-Disposition"]

    document = json.loads(agency.get(DOWNLOAD).content)
    assert verify_draw.verify(document) == []
    part = json.loads(agency.get(DOWNLOAD, {"project": "aarhus"}).content)
    assert len(part["drawn"]) == 1
    assert agency.get(DOWNLOAD, {"project": "nowhere"}).status_code == 404
    for record in AccessRecord.objects.filter(action="randomization.export"):
        assert len(record.citizens) in {1, 11}


def test_the_agency_downloads_the_commitments(agency, ledger):
    published = json.loads(agency.get(reverse("randomization:download_commitments")).content)

    assert published["head"]["sequence"] == 11
    document = json.loads(agency.get(DOWNLOAD).content)
    assert verify_draw.verify(document, published) == []


def test_empty_pages_say_what_to_do(agency, client, page, project):
    assert page.get(WAITING).status_code == 200
    assert page.get(DRAWN).status_code == 200
    assert page.get(DRAW, {"project": "aalborg"}).context["parts"] == []


def test_the_empty_ledger(agency):
    assert agency.get(LEDGER).status_code == 200
    assert json.loads(agency.get(DOWNLOAD).content)["drawn"] == []


def test_no_future_arm_and_no_block_size_on_any_page(client, leader, refer, project, shares):
    """Fifty are drawn; no nonce, leaf or key of what comes next is on a page or in a download."""
    refer(50)
    draw_project(project, ON)
    stratum = Allocation.objects.first().stratum
    opened = shares.committed_list(stratum.label, stratum.capacity)
    texts = []
    client.force_login(leader)
    texts += [client.get(address).content.decode() for address in (WAITING, DRAWN)]
    texts.append(client.get(DRAW, {"project": "aalborg"}).content.decode())
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    texts += [
        client.get(address).content.decode() for address in (LEDGER, DOWNLOAD, f"{DOWNLOAD}?format=csv")
    ]
    everything = "".join(texts)

    assert opened.nonce(50).hex() in everything
    for slot in range(51, 400):
        assert opened.nonce(slot).hex() not in everything
    assert shares.key(stratum.label).hex() not in everything
    assert "block" not in everything.replace("blockquote", "")
