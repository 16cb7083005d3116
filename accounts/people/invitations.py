"""Invitations: a link that works once, for some days, for a user who has not set a password yet.

An invitation is due when a user without a password has no `invited_at`. It is sent after the commit of the
transaction that made it due, or by the timetable (accounts/tasks.py) when the mail server was not available.
"""

import datetime
import logging
import uuid

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, Signer, TimestampSigner
from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from accounts.models import User
from jobfirst import mode
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.transports import DeliveryError, headers, send_mail
from jobfirst.monitoring.extension_points import QueueState

logger = logging.getLogger(__name__)

SALT = "accounts.invitation"
SIGNER = TimestampSigner(sep=".", salt=SALT)
MESSAGE_PREFIX = "invitation."


def link_parts(user: User) -> tuple[str, str]:
    """Return (uidb64, token) of the link for the invitation sent at `user.invited_at`."""
    return urlsafe_base64_encode(user.public_id.bytes), SIGNER.sign(_state(user))


def link(user: User) -> str:
    """Return the absolute URL for the mail."""
    uidb64, token = link_parts(user)
    return settings.JOBFIRST_BASE_URL + reverse("invitation", args=[uidb64, token])


def _state(user: User) -> str:
    """Return the hash the link is bound to: setting a password or inviting again makes the link void."""
    user_state = f"{user.public_id}{user.password}{user.invited_at and user.invited_at.isoformat()}"
    return salted_hmac(SALT, user_state, algorithm="sha256").hexdigest()[:40]


def invited_user(uidb64: str, token: str) -> User | None:
    """Return the user whom the link invites; None when it is used, expired, replaced or forged."""
    try:
        public_id = uuid.UUID(bytes=urlsafe_base64_decode(uidb64))
        state = SIGNER.unsign(token, max_age=settings.JOBFIRST_INVITATION_DAYS * 24 * 60 * 60)
        user = User.objects.get(public_id=public_id, is_active=True)
    except (BadSignature, ValueError, User.DoesNotExist):
        return None
    if user.has_usable_password() or not constant_time_compare(state, _state(user)):
        return None
    return user


def without_password() -> QuerySet[User]:
    """Return the users who have not accepted their invitation yet."""
    return User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)


def due() -> QuerySet[User]:
    """Return the users to whom an invitation is to be sent."""
    return without_password().filter(is_active=True, invited_at=None)


def waiting(_now: datetime.datetime) -> QueueState:
    """Return how many invitations wait, and since when the oldest account does (for monitoring)."""
    return QueueState(**due().aggregate(waiting=Count("pk"), oldest=Min("created_at")))


def send_due(user_ids: list[int] | None = None) -> tuple[int, int]:
    """Send the due invitations (of the users with these ids, or all); return how many were sent and failed.

    Each is marked and sent in one transaction under the user's lock: concurrent workers send none twice, and
    one that the mail server does not accept stays due. In a muted system all stay due.
    """
    if is_muted():
        return 0, 0
    users = due() if user_ids is None else due().filter(pk__in=user_ids)
    sent_count = failed_count = 0
    for pk in list(users.values_list("pk", flat=True)):
        try:
            sent_count += _send_invitation(pk)
        except DeliveryError as error:
            failed_count += 1
            logger.error("an invitation could not be sent: %s", error.code)
    return sent_count, failed_count


@transaction.atomic
def _send_invitation(pk: int) -> int:
    """Send one invitation if it is still due; return the number sent."""
    user = due().select_for_update(skip_locked=True, no_key=True).filter(pk=pk).first()
    if user is None:
        return 0
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string(
            "accounts/invitation_mail.txt", {"link": link(user), "days": settings.JOBFIRST_INVITATION_DAYS}
        )
        subject = mode.marked_subject(_("Invitation to JobFirst"))
        sent_with = headers(f"{MESSAGE_PREFIX}{_message_token(user)}")
        send_mail(
            EmailMessage(subject, text, settings.JOBFIRST_RETURN_ADDRESS, [user.email], headers=sent_with)
        )
    return 1


def _message_token(user: User) -> str:
    """Return what names the user in the Message-ID of the invitation; only this system can make it."""
    return Signer(sep=".", salt=f"{SALT}.message").sign(user.public_id.hex)


def user_of_message(message_id: str) -> User | None:
    """Return the user to whom the invitation with this Message-ID was sent; None for any other mail."""
    local_part = message_id.strip("<> ").rpartition("@")[0]
    if not local_part.startswith(MESSAGE_PREFIX):
        return None
    try:
        public_id = Signer(sep=".", salt=f"{SALT}.message").unsign(local_part.removeprefix(MESSAGE_PREFIX))
    except BadSignature:
        return None
    return User.objects.filter(public_id=public_id).first()
