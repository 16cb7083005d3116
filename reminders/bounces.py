"""Mails that come back (D52): reports are read from a mailbox and matched to the mails they are about.

1. A report names the Message-ID of our mail, which nobody outside knows: a digest's is random, an
   invitation's is signed. Anything else is marked as read and left to people.
2. A digest that came back counts as not delivered: its reminders were not told.
3. When the failure is final and the report names the user's address as failed, the address is marked: no
   digest is made for it until it is changed or confirmed, then the reminders are told. After another failure,
   also one where the user's mail is forwarded to, the next digest tells them.
4. A report about an invitation says nothing any more once the user has set a password.
5. A signed link that came back goes by SMS, or staff are told (`accounts.links.delivery`).
6. Other apps record what came back of their mails (`add_returned_mail_reader`).
"""

import datetime
import imaplib
import logging
import uuid
from collections import Counter

from django.db import transaction
from django.utils import timezone

from accounts.links.delivery import note_returned
from accounts.models import User
from accounts.people import addresses, invitations
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.outgoing import SendingState
from reminders import mailboxes
from reminders.extension_points import returned_mail_readers
from reminders.models import Digest, DigestItem, DigestState, Reminder, ReturnedDigest
from reminders.rules.delivery_reports import FailedDelivery, ReportOutcome, read_report

logger = logging.getLogger(__name__)

#: Mails that are read in one run; the rest waits for the next.
MOST_MAILS = 500


class MailboxError(Exception):
    """The mailbox cannot be read; the message names the kind of error, and neither address nor password."""


def read_bounces(now: datetime.datetime | None = None) -> Counter[ReportOutcome]:
    """Read the unread mails of the mailbox; return how many had which outcome.

    A mail is deleted only after what it reports is stored: a crash between repeats it, without harm. A muted
    system reads nothing: it may be a copy, and the reports belong to the original. `MailboxError` when the
    mailbox cannot be read.
    """
    if is_muted():
        return Counter()
    try:
        mailbox = mailboxes.open_return_mailbox()
        outcomes = Counter() if mailbox is None else _read(mailbox, now or timezone.now())
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(f"the return mailbox could not be read: {type(error).__name__}") from error
    if outcomes[ReportOutcome.UNKNOWN]:
        logger.warning("%d mails in the return mailbox are no report", outcomes[ReportOutcome.UNKNOWN])
    return outcomes


def _read(mailbox: mailboxes.ReturnMailbox, now: datetime.datetime) -> Counter[ReportOutcome]:
    outcomes: Counter[ReportOutcome] = Counter()
    try:
        for mail in mailbox.unread(MOST_MAILS):
            report = read_report(mail.content)
            outcome = ReportOutcome.UNKNOWN if report is None else record(report, now)
            if outcome is ReportOutcome.RECORDED:
                mailbox.delete(mail.key)
            elif outcome is ReportOutcome.UNKNOWN:
                mailbox.mark_read(mail.key)
            outcomes[outcome] += 1
    finally:
        mailbox.close()
    return outcomes


@transaction.atomic
def record(report: FailedDelivery, at: datetime.datetime) -> ReportOutcome:
    """Record that a mail was not delivered. Idempotent."""
    invited = invitations.user_of_message(report.message_id)
    if invited is not None:
        if not invited.has_usable_password():
            _mark_address(invited, report, at)
        return ReportOutcome.RECORDED
    public_id = _public_id(report.message_id)
    digests = Digest.objects.select_for_update(of=("self",)).select_related("recipient")
    digest = None if public_id is None else digests.filter(public_id=public_id).first()
    if digest is None:
        return ReportOutcome.UNKNOWN if public_id is None else _record_of_other_mail(public_id, report, at)
    if digest.state == DigestState.PENDING:
        return ReportOutcome.TOO_EARLY
    _returned, is_new = ReturnedDigest.objects.get_or_create(
        digest=digest, defaults={"status": report.status, "returned_at": at}
    )
    if is_new:
        _count_as_not_delivered(digest)
        _mark_address(digest.recipient, report, at)
    return ReportOutcome.RECORDED


def _record_of_other_mail(
    public_id: uuid.UUID, report: FailedDelivery, at: datetime.datetime
) -> ReportOutcome:
    """Record that a mail of a signed link, or of another app, came back; it marks no user's address."""
    link = note_returned(public_id, report.status, at)
    if link is None:
        outcomes = (record_returned(public_id, report, at) for record_returned in returned_mail_readers())
        return next((outcome for outcome in outcomes if outcome is not None), ReportOutcome.UNKNOWN)
    is_waiting = link.state == SendingState.PENDING and link.returned_at is None
    return ReportOutcome.TOO_EARLY if is_waiting else ReportOutcome.RECORDED


def _mark_address(user: User, report: FailedDelivery, at: datetime.datetime) -> None:
    """Mark the user's address when the report says that mails to it fail for good."""
    status = report.final_status(user.email)
    if status is not None:
        addresses.note_returned_mail(user, address=user.email, status=status, at=at)


def _count_as_not_delivered(digest: Digest) -> None:
    """Make all that the digest told news again, what it repeated too: a later digest tells it."""
    reminders = list(digest.items.values_list("reminder", flat=True))
    Reminder.objects.filter(pk__in=reminders).update(sent_at=None)
    DigestItem.objects.filter(reminder__in=reminders, is_new=True).update(is_new=False)


def _public_id(message_id: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(message_id.strip("<> ").rpartition("@")[0])
    except ValueError:
        return None
