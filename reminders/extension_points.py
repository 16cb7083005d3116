"""Where higher floors join in on reminders: their kinds (D33), and how the subjects of a reminder are named.

A kind finds, for a day, every fact of its sort in the whole system by a few queries over sets; the engine
compares that with what it has stored. An app calls `add_kinds` and `describe_with` in `AppConfig.ready()`.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise

from reminders.models import Reminder, SubjectType


@dataclass(frozen=True, slots=True)
class Fact:
    """That a recipient (a user's id) is to be told about a subject; due on that day."""

    subject: str
    recipient_id: int
    due_on: datetime.date


# The day, and the subjects to look at (None for all of them).
Finder = Callable[[datetime.date, Collection[str] | None], Iterable[Fact]]


@dataclass(frozen=True)
class Kind:
    """A sort of reminder: `code` as in FORMATS, `label` for people, `find` for the facts of a day, and
    `link` for the path of the page where a subject's matter is seen to."""

    code: str
    label: str | Promise
    subject_type: SubjectType
    find: Finder
    link: Callable[[str], str]


@dataclass(frozen=True)
class Description:
    """How a subject is named: `name` outside the house, for a course the citizen's initials and never more
    (D34), `full_name` on the recipient's own page, which writes the access record of `citizen` (a public id).

    `keys` go into the JSON of the command.
    """

    name: str
    full_name: str
    citizen: uuid.UUID | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


Describer = Callable[[Collection[str]], Mapping[str, Description]]

_kinds: dict[str, Kind] = {}
_describers: dict[str, Describer] = {}


def add_kinds(*kinds: Kind) -> None:
    """Add kinds of reminders. ValueError when another one has the code."""
    for kind in kinds:
        if _kinds.setdefault(kind.code, kind) != kind:
            raise ValueError(f"two kinds of reminders are called {kind.code}")


def describe_with(subject_type: SubjectType, describer: Describer) -> None:
    """Say how subjects of this type are named: a function from keys to descriptions, in a few queries."""
    _describers[subject_type] = describer


def registered() -> tuple[Kind, ...]:
    """Every kind, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))


def get(code: str) -> Kind | None:
    """The kind with this code; None for one that is no longer declared (old rows keep their code)."""
    return _kinds.get(code)


def descriptions(reminders: Iterable[Reminder]) -> dict[str, Mapping[str, Description]]:
    """Return how the subjects of the reminders are named, by type and subject: those that (still) exist."""
    subjects: dict[str, set[str]] = {subject_type: set() for subject_type in SubjectType.values}
    for reminder in reminders:
        subjects[reminder.subject_type].add(reminder.subject)
    return {
        subject_type: _describers[subject_type](keys) if keys else {}
        for subject_type, keys in subjects.items()
    }
