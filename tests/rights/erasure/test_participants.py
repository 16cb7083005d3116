"""Whoever was drawn leaves ledger, flow and accounts of the grant as they were, and nothing else."""

import datetime
import uuid

import pytest
from django.core.management import call_command
from django.db import connection

from audit.chain.erasures import ErasureReason
from cases.models import Course
from grants.models import EarnedEvent
from grants.reckoning.compute import compute
from jobfirst.database.owner import as_owner
from jobfirst.encryption import encrypted_text
from randomization.draw.actions import draw_project
from randomization.ledger.actions import record_event
from randomization.models import Allocation
from rights.erasure.due import due_citizens
from rights.erasure.engine import erase_citizen
from rights.report.coverage import stored_models
from rights.report.gathering import GatheredRows
from tests.factories import DRAWN_ON, AllocationFactory, CourseFactory, UserFactory
from tests.rights.erasure.conftest import LONG_AFTER
from tests.scenarios.grant_statements import approved_statement
from tests.scenarios.two_projects import THINGS_OF_A_COURSE

pytestmark = pytest.mark.django_db(transaction=True)

END = datetime.date(2017, 12, 31)


@pytest.fixture
def course(project):
    """A course with one of everything that belongs to a course, and its row in the ledger."""
    course = CourseFactory(project_for=project, holders=UserFactory())
    AllocationFactory(referral=course.referral)
    for make in THINGS_OF_A_COURSE.values():
        make(course=course)
    course = Course.objects.get(pk=course.pk)
    course.ended_on, course.end_reason = DRAWN_ON + datetime.timedelta(days=200), "other"
    course.outcome = "Gik godt"
    course.save()
    return course


def erase(citizen, kind="participant"):
    persons = UserFactory(), UserFactory()
    reason = ErasureReason(uuid.uuid4(), kind, persons[0].pk, persons[1].pk)
    with as_owner():
        return erase_citizen(citizen, reason, LONG_AFTER)


def tables_with(*values):
    names = set()
    with connection.cursor() as cursor:
        for model in stored_models():
            conditions = " OR ".join(["position(%s in to_jsonb(t)::text) > 0"] * len(values))
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}" t WHERE {conditions}', values)
            if cursor.fetchone()[0]:
                names.add(model._meta.label)
    return names


def test_every_thing_of_a_course_is_erased(course):
    name, public_id = course.referral.name, str(course.citizen.public_id)
    assert {"cases.Course", "cases.UncoveredNeed"} <= tables_with(encrypted_text.PREFIX)
    erase(course.citizen)
    assert tables_with(name, public_id, "Rundvisning", "Gartner", encrypted_text.PREFIX) == set()


def test_the_pseudonym_stays_in_the_ledger_and_leads_to_nobody(course):
    pseudonym = course.citizen.pseudonym
    number = course.citizen.cpr
    erase(course.citizen)
    assert tables_with(pseudonym) == {"cases.Citizen", "randomization.Allocation"}
    citizen = Course.objects.get(pk=course.pk).citizen
    assert citizen.cpr[:4] in ("0104", "0110")
    assert citizen.cpr != number


def test_no_page_shows_the_course_any_more(course, leader, client):
    client.force_login(leader)
    assert client.get(f"/forloeb/{course.public_id}/").status_code == 200
    erase(course.citizen)
    assert client.get(f"/forloeb/{course.public_id}/").status_code == 404


def test_no_history_of_the_course_is_left(course):
    erase(course.citizen)
    rows = GatheredRows(Course.objects.get(pk=course.pk).citizen)
    left = [model._meta.label for model, numbers in rows.tables() if "Event" in model.__name__ and numbers]
    assert set(left) <= {"grants.EarnedEvent", "randomization.AllocationEvent"}


def test_the_audit_log_and_what_is_stored_are_as_they_should_be(course):
    call_command("seal_audit_log")
    call_command("verify_stored", repair=True)
    erase(course.citizen)
    call_command("verify_stored")
    with pytest.raises(SystemExit) as end:
        call_command("verify_audit_log")
    assert end.value.code == 0


def test_what_was_earned_and_approved_stays_and_nothing_is_paid_back(course, project):
    approved_statement(project, END)
    call_command("verify_stored", repair=True)
    before = compute(2017, END, [project])
    earned = list(EarnedEvent.objects.values_list("kind", "earned_on", "amount"))
    assert earned
    erase(course.citizen)
    call_command("verify_stored")
    assert list(EarnedEvent.objects.values_list("kind", "earned_on", "amount")) == earned
    assert compute(2017, END, [project]).projects[0].payable == before.projects[0].payable


def test_a_participant_waits_for_the_settled_grant(course, project):
    def blockers():
        return [blocker for citizen in due_citizens(LONG_AFTER) for blocker in citizen.blockers]

    assert blockers() == ["grant_unsettled"]
    approved_statement(project, END)
    assert blockers() == []


def test_the_ledger_verifies_after_erasures(aalborg, refer_citizens, system_shares, capsys):
    refer_citizens(6)
    draw_project(aalborg, DRAWN_ON)
    drawn = Allocation.objects.order_by("sequence").first()
    record_event(drawn, "moved", DRAWN_ON, "Flyttet til Odense", UserFactory())
    for allocation in Allocation.objects.all():
        erase(allocation.citizen, "control")
    with pytest.raises(SystemExit) as end:
        call_command("verify_allocations")
    assert end.value.code == 0
    assert tables_with("Flyttet til Odense") == set()


def test_nobody_drawn_is_erased_while_the_trial_draws(project):
    allocation = AllocationFactory(arm="control", referral__project=project)
    project.ends_on = DRAWN_ON
    project.save()
    type(project).objects.filter(pk=project.pk).update(ends_on=datetime.date(2030, 12, 31))
    assert allocation.citizen.pk not in {citizen.pk for citizen in due_citizens(LONG_AFTER)}
