"""Each kind of data that is no citizen: who or what is due, and its erasure."""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from django.db import connection, transaction
from django.db.models import F, Model
from django.utils.translation import gettext as _

from accounts.models import User
from audit.chain.erasures import ErasureReason
from audit.models import Correction
from companies.models import CompanyContact
from evaluation.models import SteeringMember
from grants.models import Voucher
from jobfirst.database.owner import let_owner_erase
from jobfirst.models import Erasable, Record
from jobfirst.values.dates import DAY, months_after
from rights.erasure.engine import add_to_list, forget_on_lists
from rights.erasure.others import contacts, members, records, staff, vouchers
from rights.erasure.others.records import HeldIds
from rights.erasure.removal import Removal
from rights.erasure.subjects import DueSubject
from rights.models import BULK_KINDS, Erasure, RetentionKind, RetentionRule
from rights.models.runs import hash_of_subject


@dataclass(frozen=True)
class SingleKind:
    """A kind of which each row of a list is one row of `model`.

    `due` is given the day, the months, and a function that says whose data is held back. Where something of
    the row stays, `model` is `Erasable`, and `due` leaves out what has its day.
    """

    model: type[Model]
    due: Callable[[datetime.date, int, Callable[[], HeldIds]], list[DueSubject]]
    changed_since: Callable[[int, datetime.datetime], bool]
    erase: Callable[[Removal, int], list[uuid.UUID]]
    names: Callable[[Iterable[uuid.UUID]], dict[uuid.UUID, str]]


SINGLE = {
    RetentionKind.STAFF: SingleKind(User, staff.due, staff.changed_since, staff.erase, staff.names),
    RetentionKind.CONTACT: SingleKind(
        CompanyContact, contacts.due, contacts.changed_since, contacts.erase, contacts.names
    ),
    RetentionKind.MEMBER: SingleKind(
        SteeringMember, members.due, members.changed_since, members.erase, members.names
    ),
    RetentionKind.VOUCHER: SingleKind(
        Voucher, vouchers.due, vouchers.changed_since, vouchers.erase, vouchers.names
    ),
}


def due_others(
    on: datetime.date, rules: dict[RetentionKind, RetentionRule], kinds: Collection[RetentionKind]
) -> list[DueSubject]:
    """Return what is due on the day of the kinds, blocked ones included."""
    subjects: list[DueSubject] = []
    held = cache(
        partial(records.held_ids, on)
    )  # gathered once: each row of each citizen on hold is looked up
    for kind in RetentionKind:
        rule = rules.get(kind)
        if kind not in kinds or rule is None or rule.months is None:
            continue
        if kind in SINGLE:
            subjects += SINGLE[kind].due(on, rule.months, held)
        elif kind in BULK_KINDS:
            subjects += _due_bulk(kind, on, rule.months, held())
    return subjects


def _due_bulk(kind: RetentionKind, on: datetime.date, months: int, held: HeldIds) -> list[DueSubject]:
    day = last_day_ended(on, months)
    count = records.count_upto(kind, day, held)
    if not count:
        return []
    due_on = months_after(day, months)
    return [DueSubject(0, uuid.uuid4(), str(kind), kind, None, day, due_on, count=count)]


def last_day_ended(on: datetime.date, months: int) -> datetime.date:
    """Return the last day whose period of so many months has ended by the day."""
    day = on - DAY * (28 * months)
    while months_after(day, months) > on:
        day -= DAY
    return day


@transaction.atomic
def erase_other(
    kind: RetentionKind, public_id: uuid.UUID, day: datetime.date, reason: ErasureReason, on: datetime.date
) -> Erasure:
    """Erase one row of a list: the row of this id, or all of the kind up to the day; all of it or nothing."""
    if kind in BULK_KINDS:
        return erase_upto(kind, day, hash_of_subject(public_id), reason, on)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        let_owner_erase(cursor)
        removal = Removal(cursor)
        pk = SINGLE[kind].model._base_manager.values_list("pk", flat=True).get(public_id=public_id)
        known_ids = SINGLE[kind].erase(removal, pk)
        corrections = Correction.objects.filter(subject__in=known_ids)
        removal.delete(Correction, list(corrections.values_list("pk", flat=True)))
        removal.finish(known_ids, reason)
        _mark_erased(SINGLE[kind].model, pk, on)
        forget_on_lists(public_id)
        return add_to_list(reason, on, hash_of_subject(public_id))


def _mark_erased(model: type[Model], pk: int, on: datetime.date) -> None:
    """Give the row that stays its day; forms that are open on it are stale."""
    if not issubclass(model, Erasable):
        return
    version = {"version": F("version") + 1} if issubclass(model, Record) else {}
    model._base_manager.filter(pk=pk).update(erased_on=on, **version)


@transaction.atomic
def erase_upto(
    kind: RetentionKind, day: datetime.date, erased_hash: bytes, reason: ErasureReason, on: datetime.date
) -> Erasure:
    """Erase all rows of the kind up to the day."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        let_owner_erase(cursor)
        removal = Removal(cursor)
        records.erase_upto(removal, kind, day, on)
        removal.finish([], reason)
        return add_to_list(reason, on, erased_hash, upto=day)


def words_of(
    kind: RetentionKind, days: Mapping[uuid.UUID, datetime.date], on: datetime.date
) -> dict[uuid.UUID, str]:
    """Return what a list shows of what is no citizen, by its id; nothing of what is gone.

    `days` has the day on which the period began; of rows that go together it is the last day, and their
    number as it is now is shown.
    """
    if kind in SINGLE:
        return SINGLE[kind].names(days)
    held = records.held_ids(on)
    return {
        public_id: _("%(count)s in all, up to the day") % {"count": records.count_upto(kind, day, held)}
        for public_id, day in days.items()
    }
