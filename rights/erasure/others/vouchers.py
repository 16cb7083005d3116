"""Vouchers of grants that are long settled: the file and the words go, day, category and amount stay.

The period begins at the end of the financial year or of the project, whichever is later.
"""

import datetime
import uuid
from collections.abc import Iterable

from django.apps import apps
from django.db import transaction

from grants.expenses import files
from grants.models import Statement, Voucher
from jobfirst.values.dates import months_after
from rights.erasure.blocking import Blocker
from rights.erasure.removal import BLANK, Removal, if_filled
from rights.erasure.subjects import DueSubject
from rights.models import RetentionKind


def due(on: datetime.date, months: int, _held: object) -> list[DueSubject]:
    """Return the vouchers whose period has ended by the day."""
    rows = Voucher.objects.filter(erased_on=None).select_related("project").order_by("pk")
    approved = Statement.objects.approved().select_related("project")
    settled = {
        statement.project_id for statement in approved if statement.cut_off >= statement.project.ends_on
    }
    subjects = []
    for voucher in rows:
        begins_on = max(datetime.date(voucher.on.year, 12, 31), voucher.project.ends_on)
        due_on = months_after(begins_on, months)
        if due_on <= on:
            blockers = () if voucher.project_id in settled else (Blocker.GRANT_UNSETTLED,)
            label = f"{RetentionKind.VOUCHER} {voucher.pk}"
            subjects.append(
                DueSubject(
                    *(voucher.pk, voucher.public_id, label, RetentionKind.VOUCHER, voucher.project_id),
                    *(begins_on, due_on, blockers),
                )
            )
    return subjects


def names(public_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return what a list shows: the category, without the words."""
    rows = Voucher.objects.filter(public_id__in=public_ids)
    return {voucher.public_id: f"{voucher.get_category_display()} {voucher.on:%d.%m.%Y}" for voucher in rows}


def changed_since(pk: int, moment: datetime.datetime) -> bool:
    """Whether the voucher was withdrawn after the moment."""
    events = apps.get_model("grants", "VoucherEvent").objects
    return bool(events.filter(pgh_obj_id=pk, pgh_created_at__gt=moment).exists())


def erase(removal: Removal, pk: int) -> list[uuid.UUID]:
    """Empty the voucher and remove its history; its file goes with the commit, unless another one has it."""
    voucher = Voucher.objects.select_for_update(of=("self",)).get(pk=pk)
    sha256 = voucher.file_sha256
    removal.delete_history(Voucher, [pk])
    Voucher.objects.filter(pk=pk).update(
        what=BLANK,
        withdrawn_reason=if_filled("withdrawn_reason"),
        file_size=0,
        file_sha256="",
        submission=None,
    )
    transaction.on_commit(lambda: files.remove_unless_named(sha256))
    return [voucher.public_id]
