"""Invitations to the steering group as mails: time, place and points of the agenda; no citizen, no figure."""

import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from evaluation.steering.agenda import TOPICS
from evaluation.steering.models import SteeringInvitation, SteeringState
from jobfirst import mode
from jobfirst.kit.days import written_weekday
from jobfirst.messaging import calendar_mail
from jobfirst.messaging.calendar_mail import CalendarMail, InvitationMethod
from jobfirst.messaging.delivery import OutgoingKind, send_row, waiting_rows
from jobfirst.messaging.outgoing import SendingState
from jobfirst.messaging.transports import send_mail

LENGTH = datetime.timedelta(hours=2)


def is_current(invitation: SteeringInvitation) -> bool:
    """Whether it is still to be sent: the person has an address, and the meeting has not changed since. A
    cancellation is always sent."""
    member, meeting = invitation.member, invitation.meeting
    if not member.email:
        return False
    if invitation.method == InvitationMethod.CANCEL:
        return True
    place_and_time = (invitation.planned_at, invitation.place)
    is_member = not member.is_withdrawn and timezone.localdate(meeting.planned_at) in member.span
    return (
        is_member
        and meeting.state == SteeringState.PLANNED
        and place_and_time == (meeting.planned_at, meeting.place)
    )


def send(invitation: SteeringInvitation) -> None:
    """Send it to the member's address; `DeliveryError` when the mail server does not accept it."""
    invitation.sent_to = invitation.member.email
    with translation.override(settings.LANGUAGE_CODE):
        message = calendar_mail.compose(as_mail(invitation))
    send_mail(message)


def as_mail(invitation: SteeringInvitation) -> CalendarMail:
    """Return what the member is told; answers go to who planned the meeting."""
    meeting, local = invitation.meeting, timezone.localtime(invitation.planned_at)
    context = {
        "is_cancelled": invitation.method == InvitationMethod.CANCEL,
        "is_change": _was_told_otherwise(invitation),
        "day": written_weekday(local.date()),
        "time": time_format(local.time()),
        "place": invitation.place,
        "project": meeting.project.name,
        "points": [
            *(topic.title for topic in TOPICS),
            *(point.title for point in meeting.added_points.all()),
        ],
        "is_rehearsal": mode.is_rehearsal(),
    }
    return CalendarMail(
        key=meeting.public_id,
        reference=invitation.public_id,
        recipient=invitation.member.email,
        method=invitation.method,
        sequence=invitation.sequence,
        begins=invitation.planned_at,
        length=LENGTH,
        summary=_("Steering group, %(project)s") % {"project": meeting.project.name},
        text=render_to_string("evaluation/steering/invitation_mail.txt", context),
        place=invitation.place,
        reply_to=meeting.planned_by.email if meeting.planned_by else "",
    )


def _was_told_otherwise(invitation: SteeringInvitation) -> bool:
    """Whether the member was told another time or place before; a mail that came back told nothing."""
    earlier = SteeringInvitation.objects.filter(
        meeting=invitation.meeting_id,
        member=invitation.member_id,
        state=SendingState.SENT,
        returned_at=None,
        sequence__lt=invitation.sequence,
    )
    return earlier.exclude(planned_at=invitation.planned_at, place=invitation.place).exists()


KIND = OutgoingKind(
    SteeringInvitation,
    ("meeting__project", "meeting__planned_by", "member"),
    is_current,
    send,
    stored=("sent_to",),
)


def send_waiting(now: datetime.datetime) -> None:
    """Send every invitation that waits and whose last attempt is long enough ago."""
    for pk in waiting_rows(SteeringInvitation, now):
        send_row(KIND, pk)
