"""The extension points of reminders: kinds of reminders (D33), and how their subjects are described.

A kind finds every due fact of a day in the whole system with a few queries; the engine compares the facts
with the stored reminders. An app calls `add_kinds` and `describe_with` in `AppConfig.ready()`.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from reminders.models import Reminder, SubjectType


@dataclass(frozen=True, slots=True)
class ReminderFact:
    """A fact to remind a recipient (a user's id) of: the subject and the day on which it is due."""

    subject: str
    recipient_id: int
    due_on: datetime.date


# Finds the facts of a day about the named subjects (None: about all of them).
Finder = Callable[[datetime.date, Collection[str] | None], Iterable[ReminderFact]]


@dataclass(frozen=True)
class ReminderKind:
    """A kind of reminder (docs/reminders.md): `code` is stable, `label` is for people, `find` finds the facts
    of a day, and `link` returns the path of the page where a subject is dealt with."""

    code: str
    label: str | Promise
    subject_type: SubjectType
    find: Finder
    link: Callable[[str], str]


@dataclass(frozen=True)
class Description:
    """How a subject is named: `name` in mails, for a course only the citizen's initials (D34); `full_name` on
    the recipient's own page, which records the access to `citizen` (a public id).

    `keys` are added to the JSON of the command.
    """

    name: str
    full_name: str
    citizen: uuid.UUID | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


Describer = Callable[[Collection[str]], Mapping[str, Description]]

_kinds: dict[str, ReminderKind] = {}
_describers: dict[str, Describer] = {}


def add_kinds(*kinds: ReminderKind) -> None:
    """Add kinds of reminders. ValueError when another kind has the same code."""
    for kind in kinds:
        if _kinds.setdefault(kind.code, kind) != kind:
            raise ValueError(f"two kinds of reminders are called {kind.code}")


def describe_with(subject_type: SubjectType, describer: Describer) -> None:
    """Register the function that describes subjects of this type by their keys, in few queries."""
    _describers[subject_type] = describer


def registered_kinds() -> tuple[ReminderKind, ...]:
    """Return every kind, ordered by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))


def find_kind(code: str) -> ReminderKind | None:
    """Return the kind with this code; None when it is no longer declared (old rows keep their code)."""
    return _kinds.get(code)


def describe_subjects(reminders: Iterable[Reminder]) -> dict[str, Mapping[str, Description]]:
    """Return the descriptions of the reminders' existing subjects, by type and subject."""
    subjects: dict[str, set[str]] = {subject_type: set() for subject_type in SubjectType.values}
    for reminder in reminders:
        subjects[reminder.subject_type].add(reminder.subject)
    return {
        subject_type: _describers[subject_type](keys) if keys else {}
        for subject_type, keys in subjects.items()
    }
