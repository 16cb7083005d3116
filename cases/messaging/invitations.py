"""A calendar invitation by mail (iTIP, RFC 5546), with the citizen's initials and a link only (D34)."""

from email.utils import parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from cases.models import InvitationMethod, MeetingInvitation, MeetingState
from cases.presentation.calendar import LENGTH
from jobfirst import mode
from jobfirst.kit.days import written_weekday
from jobfirst.messaging.transports import headers, send_mail


def is_current(invitation: MeetingInvitation) -> bool:
    """Whether it is still to be sent: the person can get mail, and the meeting has not changed since.

    Who has left the project is invited to nothing any more; a cancellation is still sent.
    """
    person, meeting = invitation.recipient, invitation.meeting
    if not person.is_active or person.mail_returned_at is not None:
        return False
    is_cancellation = invitation.method == InvitationMethod.CANCEL
    return is_cancellation or (
        meeting.state == MeetingState.BOOKED
        and meeting.sequence == invitation.sequence
        and meeting.course.project_id in person.project_ids()
    )


def send(invitation: MeetingInvitation) -> None:
    """Send it; `DeliveryError` when the mail server does not accept it."""
    with translation.override(settings.LANGUAGE_CODE):
        message = compose(invitation)
    send_mail(message)


def compose(invitation: MeetingInvitation) -> EmailMultiAlternatives:
    """Return the mail, unsent."""
    local = timezone.localtime(invitation.planned_at)
    initials = invitation.meeting.course.initials
    summary = _("Follow-up meeting %(initials)s") % {"initials": initials}
    context = {
        "is_cancelled": invitation.method == InvitationMethod.CANCEL,
        "is_change": invitation.sequence > 0,
        "day": written_weekday(local.date()),
        "time": time_format(local.time()),
        "initials": initials,
        "link": _link(invitation),
        "is_rehearsal": mode.is_rehearsal(),
    }
    subject = _("Cancelled: %(summary)s") % {"summary": summary} if context["is_cancelled"] else summary
    if mode.is_rehearsal():
        subject = _("Rehearsal: %(subject)s") % {"subject": subject}
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("cases/invitation_mail.txt", context),
        from_email=settings.JOBFIRST_RETURN_ADDRESS,
        to=[invitation.recipient.email],
        headers=headers(invitation.public_id),
    )
    message.attach_alternative(
        calendar(invitation, summary).decode(), f"text/calendar; method={invitation.method}"
    )
    return message


def _link(invitation: MeetingInvitation) -> str:
    return settings.JOBFIRST_BASE_URL + reverse("cases:meeting", args=[invitation.meeting.public_id])


def calendar(invitation: MeetingInvitation, summary: str) -> bytes:
    """Return the invitation for the calendar. The UID stays the same; a change has a higher SEQUENCE."""
    from icalendar import Calendar, Event, vCalAddress, vText

    is_cancelled = invitation.method == InvitationMethod.CANCEL
    host = urlsplit(settings.JOBFIRST_BASE_URL).hostname
    document, event = Calendar(), Event()
    document.add("prodid", "-//JobFirst//meetings//DA")
    document.add("version", "2.0")
    document.add("method", str(invitation.method))
    organizer = vCalAddress(f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}")
    organizer.params["CN"] = vText("JobFirst")
    attendee = vCalAddress(f"mailto:{invitation.recipient.email}")
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["RSVP"] = vText("FALSE")
    event.add("uid", f"{invitation.meeting.public_id}@{host}")
    event.add("sequence", invitation.sequence)
    event.add("dtstamp", timezone.now())
    event.add("dtstart", invitation.planned_at)
    event.add("dtend", invitation.planned_at + LENGTH)
    event.add("summary", summary)
    event.add("description", _link(invitation))
    event.add("url", _link(invitation))
    event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
    event.add("organizer", organizer)
    event.add("attendee", attendee, encode=False)
    document.add_component(event)
    return bytes(document.to_ical())
