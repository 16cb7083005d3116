"""The daily mail of the ledger's head to the agency (D5).

Yesterday's mail is evidence against later changes: a ledger that was changed no longer contains that head,
and `verify_draw.py --published` with the mail's attachment reports it.
"""

import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from jobfirst import mode
from jobfirst.messaging.head_mails import head_mail
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.transports import DeliveryError, send_mail
from randomization import policy
from randomization.ledger import export
from randomization.models import Allocation, HeadMail


def send_heads(on: datetime.date) -> int:
    """Mail the head of the day to everybody at the agency who has not got it; return how many were sent.

    Idempotent: one mail for each person and day, also when called concurrently. A mail that the server does
    not take is sent by the next call. Nothing is sent before the first draw, and in a muted system.
    """
    if is_muted() or not Allocation.objects.exists():
        return 0
    return sum(_send(on, recipient) for recipient in policy.recipients_of_the_head())


@transaction.atomic
def _send(on: datetime.date, recipient: User) -> bool:
    """Send the day's mail to the recipient; return whether it was sent. False when it was sent before, is
    being sent, or the mail server refuses it."""
    HeadMail.objects.get_or_create(on=on, recipient=recipient)
    unsent = HeadMail.objects.select_for_update(skip_locked=True).filter(sent_at=None)
    mail = unsent.filter(on=on, recipient=recipient).first()
    if mail is None:
        return False
    try:
        send_mail(compose(on, recipient))
    except DeliveryError:
        return False
    mail.sent_at = timezone.now()
    mail.save(update_fields=["sent_at"])
    return True


def compose(on: datetime.date, recipient: User) -> EmailMessage:
    """Return the mail, unsent: the head in words, the commitments and the head as an attachment."""
    published = export.published_document()
    with translation.override(settings.LANGUAGE_CODE):
        context = {"head": published["head"], "on": on, "is_rehearsal": mode.is_rehearsal()}
        return head_mail(
            _("JobFirst: head of the draw's ledger, no. %(sequence)d") % published["head"],
            render_to_string("randomization/head_mail.txt", context),
            [recipient.email],
            message_key=f"head.{on}.{recipient.public_id}",
            file_name=f"bindinger-{on}.json",
            document=published,
        )
