"""New links for expired, used and lost ones (D44).

1. Whoever asks sends the secret of the old link. The request is stored, whatever that secret is, and every
   asker gets the same answer.
2. Right after, the stored requests are looked up. The new link goes to the address that is registered for the
   recipient, never to one that the asker names.
3. Nothing is sent when what the link asks for is done or no longer wanted (`find_address` of the purpose),
   when it was revoked and no other took its place, when one is still waiting to be sent, or after
   `MOST_LINKS_A_DAY` links of the family.
"""

import datetime
import logging

from django.db import transaction

from accounts.links.actions import issue_link, lock_family
from accounts.links.models import LinkRequest, LinkSecret, SignedLink
from accounts.links.purposes import purpose_of
from accounts.links.secrets import hash_of
from jobfirst.messaging.outgoing import SendingState
from jobfirst.values.dates import DAY

logger = logging.getLogger(__name__)

MOST_LINKS_A_DAY = 5
#: How long a request is kept after it was handled.
KEPT_FOR = 7 * DAY


@transaction.atomic
def request_link(secret: str) -> None:
    """Store the request; it is handled after the commit, or later by beat."""
    LinkRequest.objects.create(secret_hash=hash_of(secret))
    transaction.on_commit(_queue, robust=True)


def _queue() -> None:
    from accounts.tasks import send_waiting_links

    send_waiting_links.delay()


def handle_requests(now: datetime.datetime) -> None:
    """Issue a new link for every stored request that is to get one; forget old requests."""
    for pk in LinkRequest.objects.filter(handled_at=None).order_by("pk").values_list("pk", flat=True):
        try:
            _handle(pk, now)
        except Exception as error:
            # An error in one purpose must not hold up the others.
            logger.error("a request for a link could not be handled: %s", type(error).__name__)
            LinkRequest.objects.filter(pk=pk).update(handled_at=now)
    LinkRequest.objects.filter(handled_at__lt=now - KEPT_FOR).delete()


@transaction.atomic
def _handle(pk: int, now: datetime.datetime) -> None:
    request = LinkRequest.objects.select_for_update(skip_locked=True).filter(pk=pk, handled_at=None).first()
    if request is None:
        return
    stored = LinkSecret.objects.select_related("link").filter(secret_hash=request.secret_hash).first()
    if stored is not None:
        lock_family(stored.link)  # of two requests handled at once, the second sees the first one's link
        newest = (
            SignedLink.objects.family_of(stored.link).select_related("project", "created_by").latest("pk")
        )
        if _may_send_again(newest, now):
            issue_link(
                newest.purpose,
                subject=newest.subject,
                recipient_kind=newest.recipient_kind,
                recipient=newest.recipient,
                project=newest.project,
                by=newest.created_by,
                now=now,
            )
    request.handled_at = now
    request.save(update_fields=["handled_at"])


def _may_send_again(newest: SignedLink, now: datetime.datetime) -> bool:
    """Whether the family of this link, its newest, gets another one."""
    if newest.revoked_at is not None or newest.state == SendingState.PENDING:
        return False
    links_of_the_day = SignedLink.objects.family_of(newest).filter(created_at__gt=now - DAY).count()
    if links_of_the_day >= MOST_LINKS_A_DAY:
        return False
    return purpose_of(newest.purpose).find_address(newest) is not None
