"""Extension points of reminders: kinds of deadlines and notices (D33), their subjects, calendar events, mails
that come back (D52).

An app calls `add_kinds`, `add_subjects`, … in `AppConfig.ready()`.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, TypeVar

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.models import User
from jobfirst.values.dates import DateSpan
from reminders.models import SubjectType
from reminders.rules.delivery_reports import FailedDelivery, ReportOutcome
from reminders.rules.due_dates import DueDate

T = TypeVar("T")


class InPause(Enum):
    """What a pause of the course (D50) does to a kind of deadline."""

    GOES_ON = "goes_on"  # a pause never suspends it
    MAY_BE_SUSPENDED = "may_be_suspended"  # the form of a pause offers to suspend it
    SUSPENDED = "suspended"  # the same, and the choice is made beforehand


class Owed(NamedTuple):
    """A due date of a subject (a course or a project), and the project that it belongs to."""

    subject: str
    project_id: int
    due_date: DueDate


# What is owed about these subjects.
Finder = Callable[[Collection[str]], Iterable[Owed]]


@dataclass(frozen=True)
class DeadlineKind:
    """A kind of deadline.

    `code` is its name in docs/formats.md, `label` that for people. `task` names what is to be done while it
    is not due yet; empty for a kind that only tells what was not done. `functions` are those who are told:
    the functions of a course, or the project's leaders; the first of them is to act. `find` finds what is
    owed, `link` the path of the page where a subject's matter is seen to. `in_pause` says whether a pause of
    the course suspends it. What is `demanded` by the programme comes by mail whatever a person prefers.
    `follows` names the kinds of lower floors that rest on the same facts: whatever recomputes one of them
    recomputes this one.
    """

    code: str
    label: str | Promise
    subject_type: SubjectType
    functions: tuple[str, ...]
    find: Finder
    link: Callable[[str], str]
    in_pause: InPause = InPause.GOES_ON
    demanded: bool = False
    task: str | Promise = ""
    follows: tuple[str, ...] = ()

    def is_affected_by(self, kinds: Collection[str] | None) -> bool:
        """Whether a change of the facts of these kinds (None: of all) can change this one."""
        return kinds is None or self.code in kinds or not set(self.follows).isdisjoint(kinds)


@dataclass(frozen=True)
class NoticeKind:
    """A kind of news that a person is told once (`reminders.notices.tell`); the fields as above."""

    code: str
    label: str | Promise
    subject_type: SubjectType
    link: Callable[[str], str]


@dataclass(frozen=True)
class CalendarEvent:
    """An appointment of a person about a subject: `key` stays the same when it is moved."""

    key: str
    subject_type: SubjectType
    subject: str
    label: str
    path: str
    begins: datetime.datetime
    length: datetime.timedelta


# The appointments of a user within a span that has a last day.
EventFinder = Callable[[User, DateSpan], Iterable[CalendarEvent]]

# Records that the mail with this Message-ID was not delivered; None when the app sent no such mail.
ReturnedMailReader = Callable[[uuid.UUID, FailedDelivery, datetime.datetime], ReportOutcome | None]


@dataclass(frozen=True)
class Description:
    """How a subject is named: `name` in mails, for a course only the citizen's initials (D34); `full_name` on
    the recipient's own page, which records the access to `citizen` (a public id).

    `keys` are added to the JSON of the commands.
    """

    name: str
    full_name: str
    citizen: uuid.UUID | None = None
    keys: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Subjects:
    """The subjects of a type: courses, or projects.

    `all` yields their keys; `describe` names some of them, in a few queries; `holders` returns who acts in a
    function of a subject on a day (the holder or a stand-in), as rows of subject, function and user id (None:
    nobody does). `closed` returns who is told nothing of which subject, as rows of subject and user id.
    """

    all: Callable[[], Iterable[str]]
    describe: Callable[[Collection[str]], Mapping[str, Description]]
    holders: "Callable[[datetime.date], QuerySet[Any, Any]] | None" = None
    closed: "Callable[[], QuerySet[Any, Any]] | None" = None


_kinds: dict[str, DeadlineKind] = {}
_notice_kinds: dict[str, NoticeKind] = {}
_subjects: dict[str, Subjects] = {}
_event_finders: list[EventFinder] = []
_returned_mail_readers: list[ReturnedMailReader] = []


def add_kinds(*kinds: DeadlineKind) -> None:
    """Add kinds of deadlines. ValueError when another kind, of deadlines or of notices, has the code."""
    for kind in kinds:
        _check_code(kind)
        _kinds[kind.code] = kind


def add_notice_kinds(*kinds: NoticeKind) -> None:
    """Add kinds of notices. ValueError when another kind, of deadlines or of notices, has the code."""
    for kind in kinds:
        _check_code(kind)
        _notice_kinds[kind.code] = kind


def _check_code(kind: DeadlineKind | NoticeKind) -> None:
    if find_kind_or_notice_kind(kind.code) not in (None, kind):
        raise ValueError(f"two kinds of deadlines or notices are called {kind.code}")


def add_subjects(subject_type: SubjectType, subjects: Subjects) -> None:
    """Say what the subjects of this type are. ValueError when another app has said so."""
    if _subjects.setdefault(subject_type, subjects) != subjects:
        raise ValueError(f"two apps say what the subjects of type {subject_type} are")


def registered_kinds() -> tuple[DeadlineKind, ...]:
    """Return every kind, by code."""
    return tuple(_kinds[code] for code in sorted(_kinds))


def kinds_about(subject_type: SubjectType, codes: Collection[str] | None = None) -> list[DeadlineKind]:
    """Return the kinds about subjects of the type, by code: those with the codes and what follows them (or
    all).

    ValueError for a code that no kind about such subjects has.
    """
    kinds = [kind for kind in registered_kinds() if kind.subject_type == subject_type]
    if codes is None:
        return kinds
    unknown = set(codes) - {kind.code for kind in kinds}
    if unknown:
        raise ValueError(f"no kind of deadline of a {subject_type} is called {', '.join(sorted(unknown))}")
    return [kind for kind in kinds if kind.is_affected_by(codes)]


def find_kind(code: str) -> DeadlineKind | None:
    """Return the kind with this code; None for one that is no longer declared (old rows keep their code)."""
    return _kinds.get(code)


def add_calendar_events(finder: EventFinder) -> None:
    """Add appointments to everybody's calendar feed."""
    if finder not in _event_finders:
        _event_finders.append(finder)


def calendar_events(user: User, span: DateSpan) -> list[CalendarEvent]:
    """Return the user's appointments within the span."""
    return [event for finder in _event_finders for event in finder(user, span)]


def add_returned_mail_reader(reader: ReturnedMailReader) -> None:
    """Let an app record what came back of the mails that it sent; called in the transaction of the report."""
    if reader not in _returned_mail_readers:
        _returned_mail_readers.append(reader)


def returned_mail_readers() -> tuple[ReturnedMailReader, ...]:
    """Return who records the mails that came back."""
    return tuple(_returned_mail_readers)


def registered_notice_kinds() -> tuple[NoticeKind, ...]:
    """Return every kind of notice, by code."""
    return tuple(_notice_kinds[code] for code in sorted(_notice_kinds))


def find_kind_or_notice_kind(code: str) -> DeadlineKind | NoticeKind | None:
    """Return the kind of deadline or of notice with this code, or None."""
    return _kinds.get(code) or _notice_kinds.get(code)


def all_subjects(subject_type: SubjectType) -> Iterable[str]:
    """Return the keys of all subjects of the type."""
    return _subjects[subject_type].all()


def holders(subject_type: SubjectType, day: datetime.date) -> "QuerySet[Any, Any] | None":
    """Return who holds a function of which subject on the day, as rows of subject, function and user id."""
    subjects = _subjects[subject_type]
    return subjects.holders(day) if subjects.holders else None


def closed_to(subject_type: SubjectType) -> "QuerySet[Any, Any] | None":
    """Return who is told nothing of which subject, as rows of subject and user id."""
    subjects = _subjects[subject_type]
    return subjects.closed() if subjects.closed else None


def describe_subjects(keys: Iterable[tuple[str, str]]) -> dict[str, Mapping[str, Description]]:
    """Return how subjects, given as (type, key), are named, by type and key: those that (still) exist."""
    by_type: dict[str, set[str]] = {subject_type: set() for subject_type in SubjectType.values}
    for subject_type, key in keys:
        by_type[subject_type].add(key)
    return {
        subject_type: _subjects[subject_type].describe(subjects) if subjects else {}
        for subject_type, subjects in by_type.items()
    }
