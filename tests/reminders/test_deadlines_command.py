"""The command `deadlines`: what is open on a day, as JSON and as text."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reminders import deadlines, extension_points
from reminders.models import Deadline
from tests.factories import CourseFactory, UserFactory

pytestmark = pytest.mark.django_db

DRAWN_ON = datetime.date(2016, 4, 4)
FAR = datetime.date(2016, 12, 31)
THURSDAY, FRIDAY = datetime.date(2016, 4, 7), datetime.date(2016, 4, 8)


def run(*arguments):
    """Run the command; return its standard output."""
    out = io.StringIO()
    call_command("deadlines", "--on", "2016-04-07", *arguments, stdout=out)
    return out.getvalue()


def run_json(*arguments):
    return json.loads(run("--format", "json", *arguments))


@pytest.fixture
def course(monkeypatch):
    """A course with one person in all functions; the only kind of deadline is the weekly contact."""
    weekly_contact = extension_points.find_kind("weekly_contact_missing")
    monkeypatch.setattr(extension_points, "_kinds", {weekly_contact.code: weekly_contact})
    course = CourseFactory(started_on=DRAWN_ON, holders=UserFactory())
    deadlines.recompute()
    return course


def test_the_keys_of_the_contract(course):
    assert run_json() == {
        "on": "2016-04-07",
        "deadlines": [
            {
                "kind": "weekly_contact_missing",
                "course": str(course.public_id),
                "due_on": "2016-04-10",
                "shown_from": "2016-04-07",
                "function": "mentor",
                "recipients": [course.holdings.first().user.email],
                "citizen": course.citizen.pseudonym,
            }
        ],
    }


def test_text_for_people(course):
    email = course.holdings.first().user.email
    assert run() == f"2016-04-10 weekly_contact_missing {course.public_id} {email}\n"


def test_only_those_of_a_project(course):
    other = CourseFactory(started_on=DRAWN_ON, holders=UserFactory())
    deadlines.recompute()
    (of_project,) = run_json("--project", other.project.slug)["deadlines"]
    assert of_project["course"] == str(other.public_id)
    with pytest.raises(CommandError, match="no project 'nowhere'"):
        run("--project", "nowhere")


def test_the_order_is_by_due_day_kind_subject_and_then_as_stored(due_reminders):
    user = UserFactory()
    for subject, first, due_on in (
        ("s2", THURSDAY, FRIDAY),
        ("s1", THURSDAY, FRIDAY),
        ("s1", DRAWN_ON, FRIDAY),
        ("s3", THURSDAY, THURSDAY),
    ):
        due_reminders.add(user, first, FAR, subject, due_on=due_on)
    rows = run_json()["deadlines"]
    assert [(row["course"], row["shown_from"]) for row in rows] == [
        ("s3", "2016-04-07"),
        ("s1", "2016-04-07"),
        ("s1", "2016-04-04"),
        ("s2", "2016-04-07"),
    ]


def test_the_deadlines_are_read_once_for_the_list_and_once_for_the_recipients(course):
    with CaptureQueriesContext(connection) as queries:
        run_json()
    reads = [query for query in queries if f'FROM "{Deadline._meta.db_table}"' in query["sql"]]
    assert len(reads) == 2
