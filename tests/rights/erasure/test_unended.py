"""A course that nobody ended is kept from the last that is known of it, and not for ever."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Citizen, Course
from jobfirst.values.dates import months_after
from rights.erasure import due
from rights.erasure.due import due_citizens
from rights.erasure.unended import last_known_days
from tests.factories import (
    DRAWN_ON,
    CourseFactory,
    FollowUpMeetingFactory,
    MentorContactFactory,
    PlacementFactory,
    ProjectFactory,
    UserFactory,
)
from tests.progression.factories import AnswerSheetFactory
from tests.rights.erasure.conftest import LONG_AFTER

pytestmark = pytest.mark.django_db

LATE = datetime.date(2018, 9, 3)


@pytest.fixture
def course(project):
    return CourseFactory(project_for=project)


def begins_on(on=LONG_AFTER):
    (subject,) = due_citizens(on)
    return subject.begins_on


def test_with_nothing_known_later_the_project_decides(course, project):
    assert begins_on() == project.ends_on


FACTS = {
    "contact": lambda course: MentorContactFactory(course=course, held_on=LATE),
    "meeting": lambda course: FollowUpMeetingFactory(
        course=course, state="held", held_on=LATE, citizen_present=True
    ),
    "corrected meeting": lambda course: FollowUpMeetingFactory(
        course=course, state="held", held_on=DRAWN_ON, corrected_on=LATE, citizen_present=True
    ),
    "answers": lambda course: AnswerSheetFactory(course=course, answered_on=LATE),
    "placement that ended": lambda course: PlacementFactory(
        course=course, starts_on=DRAWN_ON, planned_end_on=DRAWN_ON, ended_on=LATE
    ),
    "planned end of a placement": lambda course: PlacementFactory(
        course=course, starts_on=DRAWN_ON, planned_end_on=LATE
    ),
    "retention window": lambda course: (
        type(course)
        .objects.filter(pk=course.pk)
        .update(
            internship_from=DRAWN_ON,
            continued_from=DRAWN_ON + datetime.timedelta(days=91),
            retention_until=LATE,
        )
    ),
}


def test_a_meeting_corrected_as_not_held_counts_for_nothing(course, project):
    FollowUpMeetingFactory(
        course=course,
        state="held",
        held_on=LATE,
        citizen_present=True,
        citizen_was_absent=True,
        was_not_held=True,
    )
    assert begins_on() == project.ends_on


@pytest.mark.parametrize("fact", FACTS)
def test_the_last_day_that_is_known_decides_when_it_is_later_than_the_project(course, fact):
    FACTS[fact](course)
    assert begins_on() == LATE


def test_a_contact_entered_in_error_counts_for_nothing(course, project):
    contact = MentorContactFactory(course=course, held_on=LATE)
    type(contact).everything.filter(pk=contact.pk).update(
        withdrawn_at="2018-10-01T10:00+00:00", withdrawn_by=UserFactory(), withdrawn_reason="Forkert borger"
    )
    assert begins_on() == project.ends_on


def test_it_is_due_when_its_months_have_passed_and_not_a_day_before(course):
    MentorContactFactory(course=course, held_on=LATE)
    due_on = months_after(LATE, 60)
    assert due_citizens(due_on - datetime.timedelta(days=1)) == []
    assert [subject.due_on for subject in due_citizens(due_on)] == [due_on]


def test_what_is_read_of_many_courses_takes_as_many_queries_as_of_one(course, project):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert due_citizens(LONG_AFTER)
        return len(captured)

    MentorContactFactory(course=course, held_on=LATE)
    of_one = queries()
    for _number in range(3):
        MentorContactFactory(course=CourseFactory(project_for=project), held_on=LATE)
    assert queries() == of_one


def test_of_one_citizen_the_courses_of_others_are_not_read(course, project, monkeypatch):
    other = CourseFactory(project_for=project)
    read = []

    def last_known_days_noted(on, courses):
        days = last_known_days(on, courses)
        read.extend(days)
        return days

    monkeypatch.setattr(due, "last_known_days", last_known_days_noted)
    assert [subject.pk for subject in due_citizens(LONG_AFTER, [course.citizen_id])] == [course.citizen_id]
    assert read == [course.pk]
    assert set(last_known_days(LONG_AFTER, Course.objects.all())) == {course.pk, other.pk}


@pytest.mark.django_db(transaction=True)
def test_it_is_erased_and_what_is_stored_stays_as_it_should_be(course, approve, capsys):
    call_command("verify_stored", repair=True)
    approve()
    capsys.readouterr()
    call_command("erase", on=LONG_AFTER.isoformat())
    assert json.loads(capsys.readouterr().out)["erased"] == 1
    assert Citizen.objects.get().erased_on == LONG_AFTER
    call_command("verify_stored")


def test_the_page_counts_them_for_the_leader_who_opens_them_and_for_the_administrator_who_cannot(
    course, project, leader, administrator, client
):
    elsewhere = CourseFactory()
    MentorContactFactory(course=course, held_on=LATE)
    client.force_login(leader)
    page = client.get("/opbevaring/?from=2026-01-01")
    (row,) = page.context["unended"]
    assert (row.project, row.courses.count, row.courses.last_on) == (project, 1, LATE)
    assert f"/forloeb/?project={project.slug}" in page.content.decode()
    client.force_login(administrator)
    page = client.get("/opbevaring/?from=2026-01-01")
    assert {row.project for row in page.context["unended"]} == {project, elsewhere.project}
    assert "/forloeb/?project=" not in page.content.decode()


def test_the_page_says_nothing_of_courses_while_their_project_runs(course, project, leader, client):
    client.force_login(leader)
    page = client.get(f"/opbevaring/?from={project.ends_on.isoformat()}")
    assert page.context["unended"] == []
    assert "Forløb, som ingen har afsluttet" not in page.content.decode()


def test_whoever_approves_sees_that_nobody_ended_the_course(course, approve, leader, client):
    run = approve()
    client.force_login(leader)
    page = client.get(f"/opbevaring/forslag/{run.public_id}/").content.decode()
    assert f"{course.citizen.pseudonym} (forløbet er aldrig afsluttet)" in page


def test_another_projects_courses_are_not_counted(course, leader, client):
    CourseFactory(project_for=ProjectFactory())
    client.force_login(leader)
    assert len(client.get("/opbevaring/?from=2026-01-01").context["unended"]) == 1
