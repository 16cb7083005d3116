"""The citizen's appointment message the day before a meeting, and the answer "cannot come" (D53).

The text has no name, number, place or note: only the time, and a link that answers. The link is signed, names
the message alone, and ends when the meeting begins.
"""

import datetime
import uuid

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from cases.actions.checks import changed, locked
from cases.models import (
    AppointmentMessage,
    CitizenContact,
    Course,
    CourseFunction,
    FollowUpMeeting,
    MeetingState,
    MessageChannel,
    SendingState,
)
from cases.notices import APPOINTMENT_NOT_SENT, CITIZEN_CANNOT_COME
from cases.team import team_of
from jobfirst import mode
from jobfirst.kit.days import written_weekday
from jobfirst.messaging.transports import TRANSPORTS
from jobfirst.messaging.ways import Way, next_way, ways_to
from jobfirst.values.dates import DAY
from reminders.extension_points import NoticeKind
from reminders.notices import tell

SIGNER = TimestampSigner(sep=".", salt="cases.appointment")
#: The link works until the meeting begins, and never longer than this.
LONGEST = 7 * DAY
#: Nobody is written to in the evening or at night; what could not be sent is tried again in the morning.
UNTIL_HOUR = 20
MORNING_HOUR = 8
#: The last attempt is less than four hours after the first: a mail can still follow before the evening.
MOST_ATTEMPTS = 5


def store_due_messages(now: datetime.datetime) -> None:
    """Store a message for each meeting of tomorrow that has none yet, and of today if a worker was down.

    Only to citizens who are known by phone or e-mail, and who have not declined; once per meeting and time.
    """
    local = timezone.localtime(now)
    if not settings.JOBFIRST_APPOINTMENT_FROM_HOUR <= local.hour < UNTIL_HOUR:
        return
    stored = AppointmentMessage.objects.filter(
        meeting=OuterRef("pk"), planned_at=OuterRef("planned_at")
    ).exclude(state=SendingState.DROPPED)
    meetings = FollowUpMeeting.objects.filter(
        ~Exists(stored),
        Q(course__ended_on__isnull=True) | Q(course__ended_on__gt=local.date()),
        state=MeetingState.BOOKED,
        planned_at__gt=now,
        planned_at__date__lte=local.date() + DAY,
        cannot_come_at__isnull=True,
        course__citizen_contact__declines_messages=False,
    )
    messages = []
    for meeting in meetings.select_related("course__citizen_contact"):
        channel = channel_of(meeting.course.citizen_contact)
        if channel is not None and meeting.planned_at is not None:
            messages.append(
                AppointmentMessage(meeting=meeting, planned_at=meeting.planned_at, channel=channel)
            )
    AppointmentMessage.objects.bulk_create(messages, ignore_conflicts=True)


def is_time_to_send(now: datetime.datetime) -> bool:
    """Whether a citizen may be written to at this hour."""
    return MORNING_HOUR <= timezone.localtime(now).hour < UNTIL_HOUR


def channel_of(contact: CitizenContact | None) -> MessageChannel | None:
    """Return how the citizen is reached: by SMS if there is a gateway and a number, else by mail; or None."""
    way = next_way(_ways(contact))
    return None if way is None else way.channel


def _ways(contact: CitizenContact | None) -> list[Way]:
    if contact is None or contact.declines_messages:
        return []
    return ways_to(contact.email, contact.phone, first=MessageChannel.SMS)


def is_current(message: AppointmentMessage) -> bool:
    """Whether it is still to be sent: the meeting is booked for that time, and the citizen has not answered
    (a gateway may have sent what it said it could not) and can be reached."""
    meeting = message.meeting
    return (
        meeting.state == MeetingState.BOOKED
        and meeting.planned_at == message.planned_at
        and message.planned_at > timezone.now()
        and meeting.cannot_come_at is None
        and _address(message) != ""
    )


def _address(message: AppointmentMessage) -> str:
    contact = getattr(message.meeting.course, "citizen_contact", None)
    if contact is None or contact.declines_messages:
        return ""
    address: str = contact.phone if message.channel == MessageChannel.SMS else contact.email
    return address


def send(message: AppointmentMessage) -> None:
    """Send it; `DeliveryError` when it is not accepted."""
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = mode.marked_subject(_("Your meeting")), text_of(message)
    TRANSPORTS[message.channel].send(_address(message), subject, text, message.public_id)


def fall_back(message: AppointmentMessage) -> None:
    """Replace a message that is given up by one on the other channel, if the citizen can be reached there and
    it was not tried yet; otherwise tell the course owner.

    In the transaction that gives the message up.
    """
    course = message.meeting.course
    tried = AppointmentMessage.objects.filter(meeting=message.meeting, planned_at=message.planned_at)
    way = next_way(_ways(course.citizen_contact), set(tried.values_list("channel", flat=True)))
    if way is None:
        _tell_owners(APPOINTMENT_NOT_SENT, course)
        return
    other = AppointmentMessage(meeting=message.meeting, planned_at=message.planned_at, channel=way.channel)
    AppointmentMessage.objects.bulk_create([other], ignore_conflicts=True)


def _tell_owners(kind: NoticeKind, course: Course) -> None:
    """Tell the course owner, and who stands in, a news of the course today."""
    day = timezone.localdate()
    tell(kind, course.public_id, team_of(course, day, [CourseFunction.COURSE_OWNER]), day)


def text_of(message: AppointmentMessage) -> str:
    """Return the text in the language in force."""
    local = timezone.localtime(message.planned_at)
    context = {
        "day": written_weekday(local.date()),
        "time": time_format(local.time()),
        "link": settings.JOBFIRST_BASE_URL + reverse("cases:appointment", args=[token_of(message)]),
        "is_rehearsal": mode.is_rehearsal(),
    }
    return render_to_string("cases/appointment_message.txt", context).strip()


def token_of(message: AppointmentMessage) -> str:
    """Return the signed name of the message, for its link."""
    return SIGNER.sign(urlsafe_base64_encode(message.public_id.bytes))


def message_of(token: str) -> AppointmentMessage | None:
    """Return the message that a link names; None when it is forged, too old, or about a meeting that has
    begun or is not booked for that time any more."""
    try:
        public_id = uuid.UUID(bytes=urlsafe_base64_decode(SIGNER.unsign(token, max_age=LONGEST)))
    except (BadSignature, ValueError):
        return None
    message = (
        AppointmentMessage.objects.filter(public_id=public_id)
        .select_related("meeting__course__citizen")
        .first()
    )
    if message is None or message.planned_at <= timezone.now():
        return None
    meeting = message.meeting
    is_valid = meeting.state == MeetingState.BOOKED and meeting.planned_at == message.planned_at
    return message if is_valid else None


@transaction.atomic
def record_cannot_come(message: AppointmentMessage) -> None:
    """Record that the citizen cannot come, and tell the course owner. Idempotent."""
    course = locked(message.meeting.course)
    meeting = FollowUpMeeting.objects.get(pk=message.meeting_id)
    now = timezone.now()
    if meeting.state != MeetingState.BOOKED or meeting.planned_at != message.planned_at:
        return
    AppointmentMessage.objects.filter(pk=message.pk, cannot_come_at__isnull=True).update(cannot_come_at=now)
    if meeting.cannot_come_at is not None:
        return
    changed(meeting, {"cannot_come_at": now})
    _tell_owners(CITIZEN_CANNOT_COME, course)
