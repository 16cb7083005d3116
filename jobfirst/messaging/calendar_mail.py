"""An appointment as a mail that calendar programs understand (iTIP, RFC 5546)."""

import datetime
import uuid
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobfirst import mode
from jobfirst.messaging.transports import headers


class InvitationMethod(models.TextChoices):
    REQUEST = "REQUEST", gettext_lazy("Invitation")
    CANCEL = "CANCEL", gettext_lazy("Cancellation")


@dataclass(frozen=True)
class CalendarMail:
    """An appointment for one recipient. `key` names the appointment and stays the same when it is moved; a
    change has a higher `sequence`; `reference` names the mail, the same at every attempt."""

    key: uuid.UUID
    reference: uuid.UUID
    recipient: str
    method: str
    sequence: int
    begins: datetime.datetime
    length: datetime.timedelta
    summary: str
    text: str
    place: str = ""
    link: str = ""
    reply_to: str = ""

    @property
    def is_cancellation(self) -> bool:
        """Whether the appointment does not take place."""
        return self.method == InvitationMethod.CANCEL


def compose(mail: CalendarMail) -> EmailMultiAlternatives:
    """Return the mail, unsent."""
    subject = mail.summary
    if mail.is_cancellation:
        subject = _("Cancelled: %(summary)s") % {"summary": subject}
    message = EmailMultiAlternatives(
        subject=mode.marked_subject(subject),
        body=mail.text,
        from_email=settings.JOBFIRST_RETURN_ADDRESS,
        to=[mail.recipient],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers(mail.reference),
    )
    message.attach_alternative(calendar(mail).decode(), f"text/calendar; method={mail.method}")
    return message


def calendar(mail: CalendarMail) -> bytes:
    """Return the appointment for the calendar."""
    from icalendar import Calendar, Event, vCalAddress, vText

    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname
    document, event = Calendar(), Event()
    document.add("prodid", "-//JobFirst//meetings//DA")
    document.add("version", "2.0")
    document.add("method", str(mail.method))
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = vText("JobFirst")
    attendee = vCalAddress(f"mailto:{mail.recipient}")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("uid", f"{mail.key}@{host}")
    event.add("sequence", mail.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", mail.begins)
    event.add("dtend", mail.begins + mail.length)
    event.add("summary", mail.summary)
    if mail.place:
        event.add("location", mail.place)
    if mail.link:
        event.add("description", mail.link)
        event.add("url", mail.link)
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if mail.is_cancellation else "CONFIRMED")
    event.add("organizer", organizer)
    event.add("attendee", attendee, encode=False)
    document.add_component(event)
    return bytes(document.to_ical())
