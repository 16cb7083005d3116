"""The daily mail of the chain's head: a copy out of reach of whoever holds the database (docs/audit.md)."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from audit.chain.heads import head_document
from audit.models import ChainHead, HeadKind
from jobfirst import mode
from jobfirst.database.advisory_locks import LockKey, lock
from jobfirst.messaging.head_mails import head_mail
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.transports import DeliveryError, send_mail


@transaction.atomic
def mail_head() -> bool:
    """Mail the head to the addresses in JOBFIRST_AUDIT_HEAD_TO, once a day; return whether it was sent.

    Not without addresses, before the first batch, or in a muted system. A mail that the server refuses is
    sent by the next call.
    """
    if not settings.JOBFIRST_AUDIT_HEAD_TO or is_muted():
        return False
    lock(LockKey.AUDIT_HEAD_MAIL)
    today = timezone.localdate()
    document = head_document()
    if not document["number"] or ChainHead.objects.filter(kind=HeadKind.MAILED, at__date=today).exists():
        return False
    try:
        send_mail(compose(document, settings.JOBFIRST_AUDIT_HEAD_TO))
    except DeliveryError:
        return False
    ChainHead.objects.create(
        kind=HeadKind.MAILED, number=document["number"], batch_hash=bytes.fromhex(document["hash"])
    )
    return True


def compose(document: dict[str, object], recipients: list[str]) -> EmailMessage:
    """Return the mail, unsent: the head in words, and as the file that `verify_audit_log --head` reads."""
    today = timezone.localdate()
    with translation.override(settings.LANGUAGE_CODE):
        context = {"head": document, "on": today, "is_rehearsal": mode.is_rehearsal()}
        return head_mail(
            _("JobFirst: head of the log, no. %(number)d") % document,
            render_to_string("audit/head_mail.txt", context),
            recipients,
            message_key=f"audit-head.{today}.{document['number']}",
            file_name=f"log-{today}.json",
            document=document,
        )
