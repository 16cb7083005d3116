"""A person's calendar feed (RFC 5545): meetings and deadlines, by initials and links only (D34)."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from jobfirst.values.dates import DAY, DateSpan
from reminders import extension_points, policy, recipients
from reminders.extension_points import Description
from reminders.models import Deadline, SubjectType

DAYS_AHEAD, DAYS_BACK = 60, 14


@dataclass(frozen=True)
class CalendarContent:
    """The feed as bytes, and the citizens (public ids) in it."""

    ics: bytes
    citizens: frozenset[uuid.UUID]


@dataclass(frozen=True)
class _Entry:
    """An entry of the calendar: all day when it begins on a date."""

    key: str
    subject: tuple[str, str]
    label: str
    path: str
    begins: datetime.date | datetime.datetime
    ends: datetime.datetime | None = None


def calendar_of(user: User, on: datetime.date) -> CalendarContent:
    """Return the person's feed on a day: from two weeks back to two months ahead."""
    span = DateSpan(on - DAYS_BACK * DAY, on + DAYS_AHEAD * DAY)
    with translation.override(settings.LANGUAGE_CODE):
        entries = [*_deadlines(user, span, on), *_events(user, span)]
        descriptions = extension_points.describe_subjects(entry.subject for entry in entries)
        described = [
            (entry, description)
            for entry in entries
            if (description := descriptions[entry.subject[0]].get(entry.subject[1])) is not None
        ]
        ics = _rendered(described)
    citizens = frozenset(
        description.citizen for _entry, description in described if description.citizen is not None
    )
    return CalendarContent(ics, citizens)


def _deadlines(user: User, span: DateSpan, on: datetime.date) -> Iterator[_Entry]:
    """Yield what the person is to act on or to know: open today, or due later in the span."""
    for row, due_on in _owed_to(user, span, on):
        kind = extension_points.find_kind(row.kind)
        if kind is not None:
            yield _Entry(
                key=f"{row.kind} {row.subject_type} {row.subject} {due_on}",
                subject=(row.subject_type, row.subject),
                label=str(kind.label),
                path=kind.link(row.subject),
                begins=due_on,
            )


def _owed_to(user: User, span: DateSpan, on: datetime.date) -> Iterator[tuple[Deadline, datetime.date]]:
    functions = recipients.held_functions(user.pk, on)
    led = dict(policy.leaders().filter(user=user).values_list("project_id", "role"))
    rows = Deadline.objects.filter(
        Q(subject_type=SubjectType.COURSE, subject__in=functions) | Q(project__in=led)
    )
    keys = set()
    due_now = [(row, row.due) for row in rows.shown_on(on)]
    later = [(row, row.due_on) for row in rows.open_within(DateSpan(on, span.last), on)]
    for row, due_on in [*due_now, *later]:
        held = functions.get(row.subject, set()) | {led.get(row.project_id)}
        key = (row.kind, row.subject_type, row.subject, due_on)
        if held & set(row.functions) and key not in keys:
            keys.add(key)
            yield row, due_on


def _events(user: User, span: DateSpan) -> Iterator[_Entry]:
    for event in extension_points.calendar_events(user, span):
        yield _Entry(
            key=event.key,
            subject=(event.subject_type, event.subject),
            label=event.label,
            path=event.path,
            begins=event.begins,
            ends=event.begins + event.length,
        )


def _rendered(entries: Iterable[tuple[_Entry, Description]]) -> bytes:
    from icalendar import Calendar, Event

    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname
    calendar = Calendar()
    calendar.add("prodid", "-//JobFirst//reminders//DA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "JobFirst")
    calendar.add("refresh-interval", datetime.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for entry, description in entries:
        event = Event()
        event.add("uid", f"{hashlib.sha256(entry.key.encode()).hexdigest()[:32]}@{host}")
        event.add("dtstamp", timezone.now())
        event.add("summary", _("%(subject)s: %(what)s") % {"subject": description.name, "what": entry.label})
        event.add("url", settings.JOBFIRST_BASE_URL + entry.path)
        event.add("class", "PRIVATE")
        event.add("dtstart", entry.begins)
        if entry.ends is None:
            event.add("transp", "TRANSPARENT")
        else:
            event.add("dtend", entry.ends)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
