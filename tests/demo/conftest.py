"""The demo trial for tests."""

import datetime

import pytest

ON = datetime.date(2026, 11, 20)


@pytest.fixture(scope="module")
def trial(django_db_setup, django_db_blocker):
    """The demo, made once for a run of the tests; the database is made anew after a module."""
    from demo.trial import seed_demo
    from tests import databases

    with django_db_blocker.unblock(), databases.prepared("demo", lambda: seed_demo(300, 7, ON)):
        yield


@pytest.fixture
def demo(trial, db):
    """A test on the demo; what it changes is rolled back."""
