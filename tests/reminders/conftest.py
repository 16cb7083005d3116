"""A kind of reminder made for the tests: what it finds is what the test says, and nothing else is known."""

import datetime
from dataclasses import dataclass, field

import pytest


@dataclass
class World:
    """What is due: a subject, whom to tell, the due date, from and to which day (both included)."""

    due: list[tuple] = field(default_factory=list)

    def add(self, recipient, first, last, subject="s1", due_on=None):
        self.due.append((subject, recipient.pk, due_on or last, first, last))

    def remove(self, subject):
        self.due = [fact for fact in self.due if fact[0] != subject]

    def facts(self, on: datetime.date, subjects=None):
        from reminders.extension_points import Fact

        return [
            Fact(subject, recipient, due_on)
            for subject, recipient, due_on, first, last in self.due
            if first <= on <= last and (subjects is None or subject in subjects)
        ]


@pytest.fixture
def world(monkeypatch):
    """An engine that knows one kind only, `test_due`, about courses with any key."""
    from reminders import extension_points
    from reminders.extension_points import Description, Kind
    from reminders.models import SubjectType

    made = World()
    describers = {
        **extension_points._describers,
        SubjectType.COURSE: lambda keys: {key: Description("A.B.", "Anna Berg") for key in keys},
    }
    monkeypatch.setattr(extension_points, "_kinds", {})
    monkeypatch.setattr(extension_points, "_describers", describers)
    extension_points.add_kinds(
        Kind("test_due", "Test is due", SubjectType.COURSE, made.facts, lambda key: f"/x/{key}/")
    )
    return made
