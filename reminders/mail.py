"""The digest as a mail: initials and links, and nothing else of anybody (D34)."""

import datetime
import smtplib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobfirst import mode
from reminders import extension_points
from reminders.extension_points import Description
from reminders.models import Digest, DigestItem


@dataclass(frozen=True)
class Line:
    """A reminder as people read it: who or what it is about, what is the matter, by when, and where to go."""

    about: Description
    label: str
    due_on: datetime.date
    overdue: bool
    is_new: bool
    path: str
    url: str


class Told(Protocol):
    """What a person is told of: a reminder, or a telling of the day."""

    @property
    def kind(self) -> str: ...
    @property
    def subject_type(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def due_on(self) -> datetime.date: ...


def lines(reminders: Iterable[tuple[Told, bool]], on: datetime.date) -> Iterator[Line]:
    """The lines for these reminders (each with whether it is news), in their order; one query per type of
    subject. Without those whose kind or subject is no longer known."""
    pairs = list(reminders)
    about = extension_points.descriptions(
        (reminder.subject_type, reminder.subject) for reminder, _is_new in pairs
    )
    for reminder, is_new in pairs:
        kind = extension_points.get(reminder.kind)
        description = about[reminder.subject_type].get(reminder.subject)
        if kind is not None and description is not None:
            path = kind.link(reminder.subject)
            yield Line(
                about=description,
                label=str(kind.label),
                due_on=reminder.due_on,
                overdue=reminder.due_on < on,
                is_new=is_new,
                path=path,
                url=settings.JOBFIRST_BASE_URL + path,
            )


def compose(digest: Digest, items: Sequence[DigestItem]) -> EmailMultiAlternatives:
    """Return the mail for a digest, unsent. Its Message-ID is the digest's, the same at every attempt."""
    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname
    with translation.override(settings.LANGUAGE_CODE):
        digest_lines = list(lines(((item.reminder, item.is_new) for item in items), digest.on))
        context = {
            "news": [line for line in digest_lines if line.is_new],
            "still_open": [line for line in digest_lines if not line.is_new],
            "on": digest.on,
            "is_rehearsal": mode.is_rehearsal(),
            "page": settings.JOBFIRST_BASE_URL + reverse("reminders:mine"),
        }
        message = EmailMultiAlternatives(
            subject=_subject(len(digest_lines)),
            body=render_to_string("reminders/digest.txt", context),
            to=[digest.recipient.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "List-Id": f"JobFirst reminders <reminders.{host}>",
                "Message-ID": f"<{digest.public_id}@{host}>",
                "X-Auto-Response-Suppress": "All",
            },
        )
        message.attach_alternative(render_to_string("reminders/digest.html", context), "text/html")
    return message


def error_code(error: Exception) -> str:
    """The kind of a delivery error and the server's code; its text may name people and is left out."""
    code = getattr(error, "smtp_code", None)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()), (None,))[0]
    return type(error).__name__ if code is None else f"{type(error).__name__} {code}"


def _subject(count: int) -> str:
    subject = ngettext("JobFirst: %(count)d reminder", "JobFirst: %(count)d reminders", count) % {
        "count": count
    }
    return _("Rehearsal: %(subject)s") % {"subject": subject} if mode.is_rehearsal() else subject
