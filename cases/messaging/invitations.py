"""A calendar invitation by mail, with the citizen's initials and a link only (D34)."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from cases.models import MeetingInvitation, MeetingState
from cases.presentation.calendar import LENGTH
from jobfirst import mode
from jobfirst.kit.days import written_weekday
from jobfirst.messaging import calendar_mail
from jobfirst.messaging.calendar_mail import CalendarMail, InvitationMethod
from jobfirst.messaging.transports import send_mail


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
    link = settings.JOBFIRST_BASE_URL + reverse("cases:meeting", args=[invitation.meeting.public_id])
    context = {
        "is_cancelled": invitation.method == InvitationMethod.CANCEL,
        "is_change": invitation.sequence > 0,
        "day": written_weekday(local.date()),
        "time": time_format(local.time()),
        "initials": initials,
        "link": link,
        "is_rehearsal": mode.is_rehearsal(),
    }
    return calendar_mail.compose(
        CalendarMail(
            key=invitation.meeting.public_id,
            reference=invitation.public_id,
            recipient=invitation.recipient.email,
            method=invitation.method,
            sequence=invitation.sequence,
            begins=invitation.planned_at,
            length=LENGTH,
            summary=_("Follow-up meeting %(initials)s") % {"initials": initials},
            text=render_to_string("cases/invitation_mail.txt", context),
            link=link,
        )
    )
