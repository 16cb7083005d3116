"""Issuing, opening, taking and revoking signed links.

The order of locks (docs/architecture.md): links come last. Lock the course first, then call `take_link`,
`issue_link` or `revoke_links`.
"""

import datetime
import zlib
from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.links.models import LinkSecret, SignedLink
from accounts.links.purposes import purpose_of
from accounts.links.secrets import hash_of, new_secret
from accounts.models import Project, TrialTerms, User
from jobfirst.database.advisory_locks import LockKey, lock_part
from jobfirst.messaging.outgoing import SendingState
from jobfirst.values.dates import DAY


class LinkGone(Exception):
    """The link is used, expired, revoked, of another purpose, or there is none with this secret."""


@transaction.atomic
def issue_link(
    purpose: str,
    *,
    subject: UUID,
    recipient_kind: str,
    recipient: UUID,
    project: Project,
    by: User | None,
    now: datetime.datetime,
) -> SignedLink:
    """Store a link, and revoke the live one of its family. It is sent after the commit, or later by beat.

    `by` is named in the mail as the sender; without it the jobcentre is.
    """
    link = SignedLink(
        purpose=purpose,
        subject=subject,
        recipient_kind=recipient_kind,
        recipient=recipient,
        project=project,
        created_by=by,
        expires_at=_expires_at(purpose, now),
    )
    _replace_live(link, now)
    transaction.on_commit(lambda: queue_link(link.pk), robust=True)
    return link


@transaction.atomic
def hand_over_link(
    purpose: str, link: SignedLink, *, now: datetime.datetime, subject: UUID | None = None
) -> str:
    """Store another link to the recipient of `link`, about its subject or another one; return the secret.

    It is for the page that the recipient is on, and is not sent. It revokes the live one of its family.
    """
    return show_link(
        purpose,
        subject=subject or link.subject,
        recipient_kind=link.recipient_kind,
        recipient=link.recipient,
        project=link.project,
        language=link.language,
        now=now,
    )


@transaction.atomic
def show_link(
    purpose: str,
    *,
    subject: UUID,
    recipient_kind: str,
    recipient: UUID,
    project: Project,
    now: datetime.datetime,
    language: str = "da",
) -> str:
    """Store a link that a page shows to its recipient, and that is not sent; return the secret.

    It revokes the live one of its family.
    """
    secret = new_secret()
    link = SignedLink(
        purpose=purpose,
        subject=subject,
        recipient_kind=recipient_kind,
        recipient=recipient,
        project=project,
        language=language,
        expires_at=_expires_at(purpose, now),
        state=SendingState.SENT,
        sent_at=now,
    )
    _replace_live(link, now)
    LinkSecret.objects.create(link=link, secret_hash=secret.hash)
    return secret.text


def _expires_at(purpose: str, now: datetime.datetime) -> datetime.datetime:
    """Return until when a link is good that is made now: so many days as the trial's terms say."""
    terms = TrialTerms.objects.in_force_or_first(timezone.localdate(now))
    days: int = getattr(terms, purpose_of(purpose).term)
    return now + days * DAY


def lock_family(link: SignedLink) -> None:
    """Let nobody else issue a link of the same family until the end of the transaction."""
    family = f"{link.purpose} {link.subject} {link.recipient}"
    lock_part(LockKey.LINKS, zlib.crc32(family.encode()) - 2**31)


def _replace_live(link: SignedLink, now: datetime.datetime) -> None:
    """Store a link, and revoke the live one of its family.

    Of two that do so at once, the second waits for the first and revokes its link.
    """
    lock_family(link)
    SignedLink.objects.family_of(link).live().update(revoked_at=now)
    link.save(force_insert=True)


def queue_link(pk: int) -> None:
    """Have a worker send the link now; without one it is sent by beat."""
    from accounts.tasks import send_link

    send_link.delay(pk)


def revoke_links(
    purpose: str, *, subject: UUID, recipient: UUID | None = None, now: datetime.datetime
) -> int:
    """Revoke the live links about the subject, to the recipient or to all; return how many they were."""
    links = SignedLink.objects.live().filter(purpose=purpose, subject=subject)
    if recipient is not None:
        links = links.filter(recipient=recipient)
    return links.update(revoked_at=now)


@transaction.atomic
def send_to_new_address(recipient: UUID, *, now: datetime.datetime) -> int:
    """Revoke the live links of a recipient whose address was corrected, and send new ones; return how many.

    Whoever reads the earlier address has the links that went there. One that only a page has shown is revoked
    and not sent. Links that nothing is wanted by any more are not sent either (`find_address`).
    """
    count = 0
    links = SignedLink.objects.live().filter(recipient=recipient, expires_at__gt=now).order_by("pk")
    for link in links.select_related("project", "created_by"):
        if link.state == SendingState.SENT and not link.channel:
            revoke_links(link.purpose, subject=link.subject, recipient=recipient, now=now)
            continue
        issue_link(
            link.purpose,
            subject=link.subject,
            recipient_kind=link.recipient_kind,
            recipient=recipient,
            project=link.project,
            by=link.created_by,
            now=now,
        )
        count += 1
    return count


def open_link(purpose: str, secret: str, *, now: datetime.datetime) -> SignedLink | None:
    """Return the valid link of the purpose with this secret; None when there is none. Changes nothing.

    One query, whatever is wrong with the link: why it is not valid cannot be told from the time it takes.
    """
    stored = (
        LinkSecret.objects.filter(secret_hash=hash_of(secret))
        .select_related("link__project", "link__created_by")
        .first()
    )
    if stored is None or stored.link.purpose != purpose or not stored.link.is_valid(now):
        return None
    return stored.link


def take_link(purpose: str, secret: str, *, now: datetime.datetime) -> SignedLink:
    """Return the valid link, locked until the end of the transaction; LinkGone when it is not valid any more.

    Of several who take a single-use link at once, the others wait for the first and then get LinkGone. Lock
    the course first (the order of locks).
    """
    link = open_link(purpose, secret, now=now)
    if link is not None:
        link = SignedLink.objects.select_for_update(of=("self",)).select_related("project").get(pk=link.pk)
    if link is None or not link.is_valid(now):
        raise LinkGone
    return link


def use_link(link: SignedLink, *, now: datetime.datetime) -> None:
    """Mark a single-use link that was taken in this transaction as used; another one stays as it is."""
    if not purpose_of(link.purpose).is_single_use:
        return
    if not SignedLink.objects.live().filter(pk=link.pk).update(used_at=now):
        raise LinkGone
    link.used_at = now


class LastLink(NamedTuple):
    """The last link of a purpose about a subject to a recipient, as staff see it."""

    link: SignedLink

    @property
    def has_arrived(self) -> bool:
        """Whether a server has taken it and no report says that it was not delivered."""
        return self.link.state == SendingState.SENT and not self.has_come_back

    @property
    def has_come_back(self) -> bool:
        """Whether its mail came back, and it did not go by another way then."""
        return self.link.returned_at is not None and not self.link.failed_channel

    @property
    def has_failed(self) -> bool:
        """Whether it was given up or came back."""
        return self.link.state == SendingState.DEAD or self.has_come_back

    @property
    def is_waiting(self) -> bool:
        """Whether it is still to be sent."""
        return self.link.state == SendingState.PENDING


def recipients_since(purpose: str, since: datetime.datetime) -> set[UUID]:
    """Return who was sent a link of the purpose after the moment, about whatever subject. One query.

    A link that was dropped before it was sent does not count.
    """
    links = SignedLink.objects.messages().filter(purpose=purpose, created_at__gt=since)
    return set(links.exclude(state=SendingState.DROPPED).values_list("recipient", flat=True))


def last_links(purpose: str, subjects: Collection[UUID]) -> dict[tuple[UUID, UUID], LastLink]:
    """Return the last link that went to each recipient about each subject, by both. One query."""
    links: Iterable[SignedLink] = (
        SignedLink.objects.messages()
        .filter(purpose=purpose, subject__in=subjects)
        .order_by("subject", "recipient", "-pk")
        .distinct("subject", "recipient")
    )
    return {(link.subject, link.recipient): LastLink(link) for link in links}
