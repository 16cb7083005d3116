"""Long tasks that Redis delivers again while they run (jobfirst/database/one_at_a_time.py)."""

import datetime

import pytest
import time_machine

from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.models import StoredCheck
from jobfirst.tasks import check_stored
from reminders import tasks
from reminders.models import Round
from tests.databases import owner_connection

pytestmark = pytest.mark.django_db

WORKING_DAY = datetime.datetime(2016, 4, 7, 8, 0, tzinfo=datetime.UTC)


@pytest.fixture
def elsewhere():
    """Return a function that lets another process do the work of a name, until the test ends."""
    with owner_connection() as connection:

        def begin(name):
            connection.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])

        yield begin


def test_nobody_else_begins_what_is_under_way(elsewhere):
    elsewhere("this work")
    with run_exclusively("this work") as is_alone:
        assert not is_alone
    with run_exclusively("other work") as is_alone:
        assert is_alone


def test_the_next_one_may_begin_when_it_has_ended_even_badly():
    with pytest.raises(ZeroDivisionError), run_exclusively("this work"):
        raise ZeroDivisionError
    with owner_connection() as connection:
        (is_free,) = connection.execute(
            "SELECT pg_try_advisory_lock(hashtextextended('this work', 0))"
        ).fetchone()
    assert is_free


def test_a_second_check_of_the_night_ends_at_once_while_the_first_runs(elsewhere):
    elsewhere("jobfirst.check_stored")
    check_stored()
    assert not StoredCheck.objects.exists()


def test_the_check_of_the_night_runs_alone():
    check_stored()
    assert StoredCheck.objects.exists()


def test_a_second_tick_ends_at_once_while_the_first_makes_the_round(elsewhere, due_reminders):
    elsewhere("reminders.tick")
    with time_machine.travel(WORKING_DAY, tick=False):
        tasks.tick()
    assert not Round.objects.exists()


def test_a_tick_alone_makes_the_round(due_reminders):
    with time_machine.travel(WORKING_DAY, tick=False):
        tasks.tick()
    assert Round.objects.exists()
