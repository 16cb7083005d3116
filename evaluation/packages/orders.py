"""Packages that take too long for a request: ordered, made by the worker, and fetched within a day.

1. The page orders a package of more than `AT_ONCE` citizens, and queues the task after the commit.
2. The worker makes it under a lock, one at a time, and keeps the file in the order's row.
3. Whoever may make packages fetches it until `KEPT` has passed; every fetch is recorded with all citizens.
4. Beat queues orders again whose message was lost, and deletes the files whose time is over.
"""

from __future__ import annotations

import datetime
import uuid

from django.db import transaction
from django.db.models import F, QuerySet

from accounts.models import User
from audit.access import record_shown
from evaluation.models import EvaluatorPackage, PackageOrder
from evaluation.packages.actions import make_ordered
from evaluation.packages.models import ATTEMPTS
from randomization.models import Allocation

#: A package of so many citizens is made within the request: about a second and a half.
AT_ONCE = 500
#: How long a file may be fetched.
KEPT = datetime.timedelta(days=1)


def is_for_the_worker(submission: uuid.UUID) -> bool:
    """Return whether a package of today takes more than a few seconds; not when its form has made it."""
    if EvaluatorPackage.objects.filter(submission=submission).exists():
        return False
    return Allocation.objects.count() > AT_ONCE


@transaction.atomic
def order_package(*, by: User, as_of: datetime.date, submission: uuid.UUID) -> PackageOrder:
    """Order a package as of the day. The same form again returns the order it has given."""
    order, is_new = PackageOrder.objects.get_or_create(
        submission=submission, defaults={"ordered_by": by, "as_of": as_of}
    )
    if is_new:
        transaction.on_commit(lambda: _queue(order.pk), robust=True)
    return order


def _queue(pk: int) -> None:
    from evaluation.tasks import make_package

    make_package.delay(pk)


def waiting_orders() -> QuerySet[PackageOrder]:
    """Return the orders whose packages are still to be made."""
    return PackageOrder.objects.filter(package=None, attempts__lt=ATTEMPTS)


def make_order(pk: int) -> None:
    """Make the package of an order that waits. Idempotent. Call it under a lock: it counts its attempts, so
    that a package that cannot be made is given up."""
    order = waiting_orders().select_related("ordered_by").filter(pk=pk).first()
    if order is None:
        return
    PackageOrder.objects.filter(pk=pk).update(attempts=F("attempts") + 1)
    make_ordered(order)


def recent_orders(now: datetime.datetime) -> QuerySet[PackageOrder]:
    """Return the orders of the last day, the newest first, without their files."""
    orders = PackageOrder.objects.filter(ordered_at__gt=now - KEPT).defer("content")
    return orders.select_related("ordered_by", "package").order_by("-pk")


@transaction.atomic
def fetch_file(public_id: uuid.UUID, by: User, now: datetime.datetime) -> PackageOrder | None:
    """Return the order with its file, and record that the user fetched it; None when there is no file, or no
    longer."""
    orders = PackageOrder.objects.filter(package__made_at__gt=now - KEPT, content__isnull=False)
    order = orders.select_related("package").filter(public_id=public_id).first()
    if order is None or order.package is None:
        return None
    citizens = Allocation.objects.filter(created_at__lte=order.package.made_at).order_by()
    record_shown(by, "packages.fetch", citizens.values_list("citizen__public_id", flat=True))
    return order


def delete_old_files(now: datetime.datetime) -> int:
    """Delete the files whose time is over; return how many."""
    old = PackageOrder.objects.filter(content__isnull=False, package__made_at__lte=now - KEPT)
    return old.update(content=None)
