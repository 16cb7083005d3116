"""Records that go by their day, all of a kind together: messages, links, sign-ins, network addresses.

What concerns a citizen whose data is held back stays.
"""

import datetime
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import LinkRequest, SignedLink
from audit.models import AccessRecord, SecurityKind, SecurityRecord
from cases.models import AppointmentMessage, Citizen, MeetingInvitation
from evaluation.models import SteeringInvitation
from jobfirst.messaging.outgoing import SendingState
from reminders.models import Deadline, Digest, DigestItem, Reminder
from reminders.models.digest import DigestState
from rights.erasure.removal import Removal
from rights.models import LegalHold, RetentionKind
from rights.report.gathering import GatheredRows

#: What tells who signed in, from where and when; changes of roles and accounts stay, without an address.
SIGN_INS = (
    SecurityKind.SIGNED_IN,
    SecurityKind.SIGN_IN_FAILED,
    SecurityKind.LOCKED_OUT,
    SecurityKind.SIGNED_OUT,
    SecurityKind.SESSION_ENDED,
)
#: Rows that are changed or removed by one statement.
AT_ONCE = 5000


@dataclass(frozen=True)
class HeldIds:
    """The citizens whose data is held back, with the ids of everything of theirs."""

    citizens: frozenset[int] = frozenset()
    public_ids: frozenset[uuid.UUID] = field(default_factory=frozenset)

    @property
    def keys(self) -> list[str]:
        """The ids as reminders have them."""
        return [str(public_id) for public_id in self.public_ids]


def held_ids(on: datetime.date) -> HeldIds:
    """Return whose data is held back on the day."""
    pks = frozenset(LegalHold.objects.in_force(on).order_by().values_list("citizen_id", flat=True))
    ids: set[uuid.UUID] = set()
    for citizen in Citizen.objects.filter(pk__in=pks):
        ids.update([citizen.public_id, *GatheredRows(citizen).public_ids])
    return HeldIds(pks, frozenset(ids))


def end_of(day: datetime.date) -> datetime.datetime:
    """Return the first moment after the day."""
    midnight = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
    return timezone.make_aware(midnight)


def rows_upto(kind: RetentionKind, day: datetime.date, held: HeldIds) -> "list[QuerySet[Model]]":
    """Return the rows of the kind up to the day that are to go, or to be emptied, a query for each table."""
    before = end_of(day)
    if kind == RetentionKind.MESSAGE:
        return [*_digests(before, held), *_reminders(day, before, held), *_meeting_messages(before, held)]
    if kind == RetentionKind.LINK:
        over = Q(used_at__lt=before) | Q(revoked_at__lt=before) | Q(expires_at__lt=before)
        links = SignedLink.objects.filter(over, created_at__lt=before).exclude(state=SendingState.PENDING)
        free = links.exclude(Q(subject__in=held.public_ids) | Q(recipient__in=held.public_ids))
        return [free, LinkRequest.objects.filter(requested_at__lt=before, handled_at__isnull=False)]
    if kind == RetentionKind.SIGN_IN:
        records = SecurityRecord.objects.filter(at__lt=before)
        with_address = Q(ip__isnull=False) | ~Q(session="")
        return [records.filter(kind__in=SIGN_INS), records.exclude(kind__in=SIGN_INS).filter(with_address)]
    seen = AccessRecord.objects.filter(Q(ip__isnull=False) | ~Q(session=""), at__lt=before)
    return [seen.exclude(citizens__overlap=list(held.public_ids)) if held.public_ids else seen]


def _digests(before: datetime.datetime, held: HeldIds) -> "list[QuerySet[Model]]":
    old = Digest.objects.filter(created_at__lt=before).exclude(state=DigestState.PENDING)
    about_held = DigestItem.objects.filter(digest=OuterRef("pk"), reminder__subject__in=held.keys)
    return [old.filter(~Exists(about_held)) if held.keys else old]


def _reminders(day: datetime.date, before: datetime.datetime, held: HeldIds) -> "list[QuerySet[Model]]":
    """Reminders of which nothing is owed any more: otherwise they would be told as news again."""
    owed = Deadline.objects.filter(
        kind=OuterRef("kind"), subject_type=OuterRef("subject_type"), subject=OuterRef("subject")
    )
    later_mail = DigestItem.objects.filter(reminder=OuterRef("pk"), digest__created_at__gte=before)
    reminders = Reminder.objects.filter(created_at__lt=before, due_on__lte=day).exclude(subject__in=held.keys)
    return [reminders.filter(~Exists(owed), ~Exists(later_mail))]


def _meeting_messages(before: datetime.datetime, held: HeldIds) -> "list[QuerySet[Model]]":
    invitations = MeetingInvitation.objects.filter(planned_at__lt=before, created_at__lt=before)
    messages = AppointmentMessage.objects.filter(planned_at__lt=before, created_at__lt=before)
    steering = SteeringInvitation.objects.filter(planned_at__lt=before, created_at__lt=before)
    return [
        steering.exclude(state=SendingState.PENDING),
        invitations.exclude(state=SendingState.PENDING).exclude(meeting__course__citizen__in=held.citizens),
        # An answer of the citizen's belongs to the meeting, and goes with it.
        messages.filter(cannot_come_at=None)
        .exclude(state=SendingState.PENDING)
        .exclude(meeting__course__citizen__in=held.citizens),
    ]


def count_upto(kind: RetentionKind, day: datetime.date, held: HeldIds) -> int:
    """Return how many rows of the kind are to go up to the day."""
    return sum(rows.count() for rows in rows_upto(kind, day, held))


def erase_upto(removal: Removal, kind: RetentionKind, day: datetime.date, on: datetime.date) -> None:
    """Remove the rows of the kind up to the day, or empty them."""
    tables = rows_upto(kind, day, held_ids(on))
    chosen = [(rows.model, list(rows.order_by("pk").values_list("pk", flat=True))) for rows in tables]
    for position, (model, keys) in enumerate(chosen):
        is_emptied = kind == RetentionKind.ACCESS or (kind == RetentionKind.SIGN_IN and position == 1)
        for first in range(0, len(keys), AT_ONCE):
            part = keys[first : first + AT_ONCE]
            if is_emptied:
                _empty_addresses(removal, model, part)
            else:
                removal.delete_whole(model, part)


def _empty_addresses(removal: Removal, model: type[Model], keys: Collection[int]) -> None:
    """Take network address and session out of records of the audit log; that somebody did it stays."""
    model._base_manager.filter(pk__in=keys).update(ip=None, session="")
    removal.sealed[model._meta.db_table].extend(keys)
