"""Paid grants stand after the citizens are erased: statements, documents, ledger and sums, to the byte."""

import datetime
import json
import uuid

import pytest
from django.core.management import call_command
from django.urls import reverse

from audit.chain.erasures import ErasureReason
from audit.chain.sealing import seal
from cases.models import Course
from grants.models import EarnedEvent, Statement, StatementLine
from grants.statements import actions
from jobfirst import clock
from jobfirst.database.owner import as_owner
from randomization.draw.actions import draw_project
from rights.erasure.engine import erase_citizen
from tests.factories import DRAWN_ON, PlacementFactory, UserFactory
from tests.rights.erasure.conftest import LONG_AFTER
from tests.scenarios.grant_statements import approved_statement, submitted_statement

pytestmark = pytest.mark.django_db(transaction=True)

END = datetime.date(2017, 12, 31)


@pytest.fixture
def leader(aalborg):
    return UserFactory(project=aalborg, roles=["project_leader"])


@pytest.fixture
def agency():
    return UserFactory(roles=["agency"])


@pytest.fixture
def courses(aalborg, refer_citizens, system_shares):
    """Participants of a real draw with an internship that earned a start and a completion, all ended."""
    refer_citizens(6)
    draw_project(aalborg, DRAWN_ON)
    courses = list(Course.objects.filter(project=aalborg))
    for course in courses:
        PlacementFactory(course=course, ended_on=DRAWN_ON + datetime.timedelta(days=100))
        Course.objects.filter(pk=course.pk).update(
            ended_on=DRAWN_ON + datetime.timedelta(days=200), end_reason="other"
        )
    call_command("verify_stored", repair=True)
    return courses


@pytest.fixture
def paid(courses, aalborg):
    """A statement that was approved and paid."""
    statement = approved_statement(aalborg, END)
    today = clock.today()
    return actions.pay(statement, UserFactory(), today, "2018-0042", last_day=today)


def erase_all(courses):
    for course in courses:
        persons = UserFactory(), UserFactory()
        reason = ErasureReason(uuid.uuid4(), "participant", persons[0].pk, persons[1].pk)
        with as_owner():
            erase_citizen(Course.objects.get(pk=course.pk).citizen, reason, LONG_AFTER)


def command(capsys, name, *args, **options):
    capsys.readouterr()
    call_command(name, *args, **options)
    return json.loads(capsys.readouterr().out)


def test_what_the_statement_says_is_the_same_to_the_byte(courses, paid, capsys):
    before = command(capsys, "grant_statement", year="2017", cut_off=END.isoformat(), format="json")
    (project,) = before["projects"]
    assert project["events"]
    assert project["paid_before"] != "0.00"
    erase_all(courses)
    assert command(capsys, "grant_statement", year="2017", cut_off=END.isoformat(), format="json") == before


def test_lines_events_and_their_sums_stay(courses, paid):
    lines = list(StatementLine.objects.order_by("pk").values())
    events = list(EarnedEvent.objects.order_by("pk").values())
    assert lines
    assert events
    erase_all(courses)
    assert list(StatementLine.objects.order_by("pk").values()) == lines
    assert list(EarnedEvent.objects.order_by("pk").values()) == events


def test_ledger_stored_sums_and_audit_log_verify(courses, paid, capsys):
    seal()
    erase_all(courses)
    call_command("verify_stored")
    for name in ("verify_allocations", "verify_audit_log"):
        with pytest.raises(SystemExit) as end:
            call_command(name)
        assert end.value.code == 0, name


@pytest.mark.parametrize("reader", ["leader", "agency"])
def test_the_paid_statement_is_read_as_before(reader, courses, paid, request, client):
    client.force_login(request.getfixturevalue(reader))
    urls = [
        reverse("grants:stored_download", args=[paid.public_id, "csv"]),
        reverse("grants:approved_content", args=[paid.public_id]),
    ]
    before = [client.get(url).content for url in urls]
    assert all(before)
    erase_all(courses)
    assert [client.get(url).content for url in urls] == before
    assert client.get(reverse("grants:stored", args=[paid.public_id])).status_code == 200


def test_each_event_is_still_explained(courses, paid, leader, client):
    client.force_login(leader)
    erase_all(courses)
    course = Course.objects.get(pk=courses[0].pk)
    url = reverse("grants:explain_stored", args=[paid.public_id, course.public_id])
    assert client.get(url).status_code in (200, 404)
    assert client.get(reverse("grants:project", args=[course.project.slug])).status_code == 200


def test_a_later_statement_pays_nothing_a_second_time(courses, paid, aalborg):
    erase_all(courses)
    later = submitted_statement(aalborg, datetime.date(2018, 12, 31))
    assert Statement.objects.get(pk=later.pk).payable == 0
