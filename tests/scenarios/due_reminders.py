"""Deadlines of one kind, `test_due`, each told to exactly the person that the test names.

The fixture is for every test (tests/conftest.py). It imports the models when it is used.
"""

import datetime
import itertools
from typing import NamedTuple

import pytest


class Period(NamedTuple):
    """The days on which a recipient is told of a subject, both included."""

    recipient_id: int
    subject: str
    first: datetime.date
    last: datetime.date


class DueReminders:
    """The only deadlines there are; `periods` says who is told of which subject from when to when."""

    def __init__(self) -> None:
        self._project = None
        self.periods: list[Period] = []

    def add(self, recipient, first, last, subject="s1", due_on=None):
        """Let the recipient be reminded of the subject from `first` to `last`, due on `last` by default."""
        from reminders.models import Deadline, SubjectType
        from tests.factories import ProjectFactory

        of_recipient = recipient.memberships.first()  # whose pages show deadlines of own projects alone
        self._project = self._project or (of_recipient.project if of_recipient else ProjectFactory())
        self.periods.append(Period(recipient.pk, subject, first, last))
        deadline, _is_new = Deadline.objects.get_or_create(
            kind="test_due",
            subject_type=SubjectType.COURSE,
            subject=subject,
            due_on=due_on or last,
            shown_from=first,
            defaults={"project": self._project, "functions": [], "shown_to": last},
        )
        deadline.functions.append(f"user-{recipient.pk}")
        deadline.shown_to = max(deadline.shown_to, last)
        deadline.save()

    def remove(self, subject):
        from reminders.models import Deadline

        Deadline.objects.filter(subject=subject).delete()


def named_holders(_day: datetime.date):
    """Return the people that the deadlines' functions name, as their holders."""
    from django.db.models import BigIntegerField, CharField, F, Func, Value
    from django.db.models.functions import Cast, Replace

    from reminders.models import Deadline

    function = Func(F("functions"), function="unnest", output_field=CharField())
    user_id = Cast(Replace(function, Value("user-"), Value("")), BigIntegerField())
    rows = Deadline.objects.filter(kind="test_due").order_by().annotate(function=function, user_id=user_id)
    return rows.values("subject", "function", "user_id")


@pytest.fixture
def due_reminders(monkeypatch):
    """The only declared kind of deadline is `test_due`, about courses with any key."""
    from reminders import extension_points
    from reminders.extension_points import DeadlineKind, Description, Subjects
    from reminders.models import SubjectType

    subjects = {
        **extension_points._subjects,
        SubjectType.COURSE: Subjects(
            all=itertools.repeat,
            describe=lambda keys: {key: Description("A.B.", "Anna Berg") for key in keys},
            holders=named_holders,
        ),
    }
    monkeypatch.setattr(extension_points, "_kinds", {})
    monkeypatch.setattr(extension_points, "_subjects", subjects)
    extension_points.add_kinds(
        DeadlineKind("test_due", "Test is due", SubjectType.COURSE, (), lambda subjects: (), "/x/{}/".format)
    )
    return DueReminders()
