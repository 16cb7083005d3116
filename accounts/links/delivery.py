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

from accounts.links.actions import queue_link
from accounts.links.models import LinkSecret, RecipientKind, SignedLink
from accounts.links.purposes import LinkAddress, purpose_of
from accounts.links.secrets import new_secret
from accounts.models import Municipality
from jobfirst import mode
from jobfirst.kit.days import written_weekday
from jobfirst.messaging.delivery import NoLongerWanted, OutgoingKind, send_row, waiting_rows
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.outgoing import MessageChannel, SendingState
from jobfirst.messaging.transports import TRANSPORTS, DeliveryError
from jobfirst.messaging.ways import next_way

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
    """Send a link, unless it is sent, being sent, or no longer wanted; none in a muted system. Outside a
    transaction, see above."""
    if is_muted():
        return
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
        follow_up=_fall_back,
        stored=("channel", "language"),
    )
    send_row(kind, pk)


def _send(link: SignedLink, secret: str) -> None:
    """Hand the link to the mail server or the gateway, and note the channel and the language."""
    purpose = purpose_of(link.purpose)
    address = purpose.find_address(link)
    if address is None:
        raise NoLongerWanted
    way = next_way(address.ways, {link.failed_channel})
    if way is None:
        raise DeliveryError("no address", is_final=True)
    link.language = address.language
    link.channel = way.channel
    with translation.override(link.language):
        url = settings.JOBFIRST_BASE_URL + reverse(purpose.url_name, args=[secret])
        text = str(purpose.text) % _values(link, address, url)
        subject = mode.marked_subject(str(purpose.subject_line))
        message = render_to_string("links/message.txt", _context(link, address, text)).strip()
    TRANSPORTS[way.channel].send(way.address, subject, message, link.public_id)


def _fall_back(link: SignedLink) -> None:
    """Let a link that was given up, or whose mail came back, go by another way; tell the purpose when there
    is none (D52). In the transaction that notes it, with the link locked."""
    purpose = purpose_of(link.purpose)
    address = purpose.find_address(link) if link.is_valid(timezone.now()) else None
    failed = {link.channel, link.failed_channel}
    if address is None or next_way(address.ways, failed) is None:
        purpose.not_arrived(link)
        return
    link.failed_channel = link.channel
    link.state, link.sent_at = SendingState.PENDING, None
    link.attempts, link.attempted_at = 0, None
    link.save(update_fields=["failed_channel", "state", "sent_at", "attempts", "attempted_at"])
    transaction.on_commit(partial(queue_link, link.pk), robust=True)


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
    is_first = link is not None and link.returned_at is None and link.channel == MessageChannel.EMAIL
    if link is not None and is_first and link.state == SendingState.SENT:
        link.returned_at, link.return_status = at, status
        link.save(update_fields=["returned_at", "return_status"])
        _fall_back(link)
    return link
