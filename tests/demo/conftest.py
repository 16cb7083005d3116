"""The demo trial for tests."""

import datetime

import pytest
from django.db import transaction

ON = datetime.date(2026, 11, 20)


@pytest.fixture(scope="module")
def trial(django_db_setup, django_db_blocker):
    """The demo, made once for a module and rolled back after it."""
    from demo.trial import seed_demo

    with django_db_blocker.unblock(), transaction.atomic():
        try:
            seed_demo(300, 7, ON)
            yield
        finally:
            transaction.set_rollback(True)


@pytest.fixture
def demo(trial, db):
    """A test on the demo; what it changes is rolled back."""
