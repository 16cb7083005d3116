"""One kind of reminder, `test_due`, whose due facts are exactly those that the test adds.

The fixture is for every test (tests/conftest.py). It imports the models when it is used.
"""

import datetime
from typing import NamedTuple

import pytest


class DuePeriod(NamedTuple):
    """A fact, and the first and the last day on which it is found due."""

    subject: str
    recipient_id: int
    due_on: datetime.date
    first: datetime.date
    last: datetime.date


class DueReminders:
    """The due facts of the only kind of reminder."""

    def __init__(self) -> None:
        self.periods: list[DuePeriod] = []

    def add(self, recipient, first, last, subject="s1", due_on=None):
        """Let the recipient be reminded of the subject from `first` to `last`, due on `last` by default."""
        self.periods.append(DuePeriod(subject, recipient.pk, due_on or last, first, last))

    def remove(self, subject):
        self.periods = [period for period in self.periods if period.subject != subject]

    def find(self, on: datetime.date, subjects=None):
        """Find the facts of a day, as a kind of reminder does."""
        from reminders.extension_points import ReminderFact

        return [
            ReminderFact(period.subject, period.recipient_id, period.due_on)
            for period in self.periods
            if period.first <= on <= period.last and (subjects is None or period.subject in subjects)
        ]


@pytest.fixture
def due_reminders(monkeypatch):
    """The only declared kind of reminder is `test_due`, about courses with any key."""
    from reminders import extension_points
    from reminders.extension_points import Description, ReminderKind
    from reminders.models import SubjectType

    reminders = DueReminders()
    describers = {
        **extension_points._describers,
        SubjectType.COURSE: lambda keys: {key: Description("A.B.", "Anna Berg") for key in keys},
    }
    monkeypatch.setattr(extension_points, "_kinds", {})
    monkeypatch.setattr(extension_points, "_describers", describers)
    extension_points.add_kinds(
        ReminderKind("test_due", "Test is due", SubjectType.COURSE, reminders.find, lambda key: f"/x/{key}/")
    )
    return reminders
