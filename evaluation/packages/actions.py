"""Making an evaluator's package."""

import datetime
import uuid
from typing import NamedTuple

from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from audit.access import record_shown
from evaluation.models import EvaluatorPackage, PackageOrder
from evaluation.packages.archive import PackedArchive, build_archive
from jobfirst.database.one_moment import one_moment
from randomization.models import Allocation


class MadePackage(NamedTuple):
    """The record of a package, and the file; the file is None when this form has made the package before."""

    package: EvaluatorPackage
    archive: PackedArchive | None


def make_package(*, by: User, as_of: datetime.date, submission: uuid.UUID | None = None) -> MadePackage:
    """Make a package as of the day, and record it with its hash and who is in it.

    The access record names every citizen, and is written before anything is read. The same form again makes
    no other package: the file is not kept, so there is none to return. That holds too for a form that is sent
    twice at once: the second one is noticed when it is stored, since it cannot see the first before.
    """
    try:
        return _make_package(by, as_of, submission)
    except IntegrityError:
        existing = EvaluatorPackage.objects.filter(submission=submission).first() if submission else None
        if existing is None:
            raise
        return MadePackage(existing, None)


def make_ordered(order: PackageOrder) -> None:
    """Make the package of an order, and keep the file with it."""
    _make_package(order.ordered_by, order.as_of, order.submission, order)


def _make_package(
    by: User, as_of: datetime.date, submission: uuid.UUID | None, order: PackageOrder | None = None
) -> MadePackage:
    with one_moment(read_only=False):
        if submission and (existing := EvaluatorPackage.objects.filter(submission=submission).first()):
            return MadePackage(existing, None)
        citizens = Allocation.objects.order_by().values_list("citizen__public_id", flat=True)
        record_shown(by, "packages.make", citizens)
        public_id, now = uuid.uuid4(), timezone.now()
        archive = build_archive(public_id, as_of, timezone.localtime(now))
        package = EvaluatorPackage(public_id=public_id, made_by=by, as_of=as_of, submission=submission)
        try:
            _store(package, archive, order)
        except BaseException:
            archive.file.close()
            raise
    return MadePackage(package, archive)


def _store(package: EvaluatorPackage, archive: PackedArchive, order: PackageOrder | None) -> None:
    """Save the record of a package, and with its order the file, which is then read and closed."""
    package.citizens, package.rows = archive.citizens, archive.rows
    package.size, package.sha256 = archive.size, archive.sha256
    package.save(force_insert=True)
    if order is not None:
        with archive.file as file:
            order.package, order.content = package, file.read()
        order.save(update_fields=["package", "content"])
