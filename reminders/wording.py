"""What a reminder says of its deadline or news, for the mail and for the page of a person's own reminders."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from reminders import extension_points
from reminders.extension_points import Description
from reminders.models import ReminderReason, Snooze


class ReminderFacts(Protocol):
    """The facts of a stored reminder, or of a `reminders.recipients.Telling`."""

    @property
    def kind(self) -> str: ...
    @property
    def subject_type(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def due_on(self) -> datetime.date: ...
    @property
    def reason(self) -> str: ...


@dataclass
class ReminderLine:
    """A reminder as a line of the mail and of the page: its subject, kind, due day, and the page to go to.

    On the page also `put_off`: until when its recipient put it off.
    """

    facts: ReminderFacts
    about: Description
    label: str
    due_on: datetime.date
    reason: str
    overdue: bool
    is_new: bool
    path: str
    url: str
    put_off: Snooze | None = None


def reminder_lines(
    reminders: Iterable[tuple[ReminderFacts, bool]], on: datetime.date
) -> Iterator[ReminderLine]:
    """Yield a line for each reminder, given with whether it is new, in their order.

    Reminders whose kind or subject no longer exists are left out. One query per type of subject.
    """
    pairs = list(reminders)
    descriptions = extension_points.describe_subjects(
        (reminder.subject_type, reminder.subject) for reminder, _is_new in pairs
    )
    for reminder, is_new in pairs:
        kind = extension_points.find_kind_or_notice_kind(reminder.kind)
        description = descriptions[reminder.subject_type].get(reminder.subject)
        if kind is not None and description is not None:
            path = kind.link(reminder.subject)
            yield ReminderLine(
                facts=reminder,
                about=description,
                label=str(kind.label),
                due_on=reminder.due_on,
                reason=reminder.reason,
                overdue=reminder.reason != ReminderReason.NOTICE and reminder.due_on < on,
                is_new=is_new,
                path=path,
                url=settings.JOBFIRST_BASE_URL + path,
            )
