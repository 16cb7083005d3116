"""The thresholds of the core elements: dated, with a reason, entered by the agency."""

import pytest

from accounts.roles import Role
from evaluation.fidelity.thresholds import thresholds_on
from evaluation.models import FidelityThreshold
from jobfirst.values.dates import DAY
from tests.factories import DRAWN_ON, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]
PAGE = "/lodtraekning/forsoeg/grundelementer/graense/"
ENTERED = {"element": "3", "valid_from": "2016-04-01", "percent": "80", "reason": "Aftalt i indsatsgruppen"}


@pytest.fixture
def agency_client(client):
    client.force_login(UserFactory(roles=[Role.AGENCY]))
    return client


def test_the_latest_threshold_that_has_begun_holds():
    for days, percent in ((-10, 70), (0, 80), (10, 90)):
        FidelityThreshold.objects.create(
            element=3, valid_from=DRAWN_ON + days * DAY, percent=percent, reason="Aftalt"
        )
    assert thresholds_on(DRAWN_ON + 5 * DAY)[3].percent == 80
    assert thresholds_on(DRAWN_ON - DAY)[3].percent == 70
    assert thresholds_on(DRAWN_ON - 11 * DAY) == {}


def test_the_agency_enters_one_and_the_leader_reads_it(agency_client, client, leader, course):
    assert agency_client.post(PAGE, ENTERED).status_code == 302
    client.force_login(leader)
    page = client.get("/overblik/grundelementer/").content.decode()
    assert "80 % fra 01.04.2016" in page


def test_a_second_one_of_the_same_day_is_refused(agency_client):
    agency_client.post(PAGE, ENTERED)
    answer = agency_client.post(PAGE, ENTERED | {"percent": "90"})
    assert "Der er allerede en grænse" in answer.content.decode()
    assert FidelityThreshold.objects.get().percent == 80


@pytest.mark.parametrize(
    "change", [{"percent": "0"}, {"percent": "101"}, {"reason": "010170-1234"}, {"reason": ""}]
)
def test_what_is_no_threshold_is_refused(agency_client, change):
    assert agency_client.post(PAGE, ENTERED | change).status_code == 200
    assert not FidelityThreshold.objects.exists()


def test_others_enter_none(client, leader):
    client.force_login(leader)
    assert client.post(PAGE, ENTERED).status_code == 403
