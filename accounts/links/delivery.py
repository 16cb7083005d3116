"""Sending links by mail or SMS (`jobfirst.messaging.delivery`), and mails of links that came back (D52).

Only hashes are stored, so each attempt makes a secret of its own:

1. The hash of the new secret is stored and committed.
2. The row is locked, the address looked up as it is registered now, the message handed to the server, and the
   row marked as sent.

So a link works even if the server took the message and the commit of the second step failed. The next attempt
sends another secret then, and both work, once together where the link is good for one use.
"""

import datetime
import logging
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from accounts.links.models import LinkSecret, RecipientKind, SignedLink
from accounts.links.purposes import LinkAddress, purpose_of
from accounts.links.secrets import new_secret
from accounts.models import Municipality
from jobfirst import mode
from jobfirst.kit.days import written_weekday
from jobfirst.messaging.delivery import NoLongerWanted, OutgoingKind, send_row, waiting_rows
from jobfirst.messaging.outgoing import MessageChannel, SendingState
from jobfirst.messaging.transports import TRANSPORTS, DeliveryError

logger = logging.getLogger(__name__)


def send_waiting(now: datetime.datetime) -> None:
    """Send every link that waits and whose last attempt is long enough ago."""
    for pk in waiting_rows(SignedLink, now):
        try:
            send_link(pk)
        except Exception as error:
            # What follows a failure belongs to the purpose. Its error must not hold up the other links.
            logger.error("a link could not be sent: %s", type(error).__name__)


def send_link(pk: int) -> None:
    """Send a link, unless it is sent, being sent, or no longer wanted. Outside a transaction, see above."""
    link = SignedLink.objects.filter(pk=pk, state=SendingState.PENDING).first()
    if link is None:
        return
    secret = new_secret()
    LinkSecret.objects.create(link=link, secret_hash=secret.hash)
    kind = OutgoingKind(
        SignedLink,
        ("project", "created_by"),
        is_current=lambda link: link.is_valid(timezone.now()),
        send=partial(_send, secret=secret.text),
        follow_up=lambda link: purpose_of(link.purpose).not_arrived(link),
        stored=("channel", "language"),
    )
    send_row(kind, pk)


def _send(link: SignedLink, secret: str) -> None:
    """Hand the link to the mail server or the gateway, and note the channel and the language."""
    purpose = purpose_of(link.purpose)
    address = purpose.find_address(link)
    if address is None:
        raise NoLongerWanted
    link.language = address.language
    if address.channel is None:
        raise DeliveryError("no address", is_final=True)
    link.channel = address.channel
    with translation.override(link.language):
        url = settings.JOBFIRST_BASE_URL + reverse(purpose.url_name, args=[secret])
        text = str(purpose.text) % _values(link, address, url)
        subject = str(purpose.subject_line)
        if mode.is_rehearsal():
            subject = _("Rehearsal: %(subject)s") % {"subject": subject}
        message = render_to_string("links/message.txt", _context(link, address, text)).strip()
    to = address.email if link.channel == MessageChannel.EMAIL else address.phone
    TRANSPORTS[link.channel].send(to, subject, message, link.public_id)


def _values(link: SignedLink, address: LinkAddress, url: str) -> dict[str, str]:
    """Return what the text of a purpose may name."""
    municipality = address.municipality or _lead_municipality(link.project_id)
    jobcentre = _("Jobcentre %(municipality)s") % {"municipality": municipality}
    local = timezone.localtime(link.expires_at)
    return {
        "url": url,
        "jobcentre": jobcentre,
        "sender": str(link.created_by) if link.created_by else jobcentre,
        "last": f"{written_weekday(local.date())} {time_format(local.time())}",
    }


def _lead_municipality(project_id: int) -> str:
    places = Municipality.objects.filter(place__project=project_id).order_by("-place__is_lead", "pk")
    return str(places.values_list("name", flat=True).first() or "")


def _context(link: SignedLink, address: LinkAddress, text: str) -> dict[str, object]:
    """Return the context of the message. A citizen is not called by name in what leaves the system."""
    is_contact = link.recipient_kind == RecipientKind.COMPANY_CONTACT
    return {
        "text": text,
        "name": address.name if is_contact else "",
        "is_mail": link.channel == MessageChannel.EMAIL,
        "is_rehearsal": mode.is_rehearsal(),
    }


@transaction.atomic
def note_returned(public_id: UUID, status: str, at: datetime.datetime) -> SignedLink | None:
    """Note that the mail with this Message-ID came back (D52); None when it is no link's. Idempotent.

    The link stays as it is, also while it is still waiting: its transaction has not committed yet then, and
    the report is to be read again later.
    """
    link = SignedLink.objects.select_for_update(of=("self",)).filter(public_id=public_id).first()
    if link is not None and link.state == SendingState.SENT and link.returned_at is None:
        link.returned_at, link.return_status = at, status
        link.save(update_fields=["returned_at", "return_status"])
        purpose_of(link.purpose).not_arrived(link)
    return link
