"""What is stored although it follows from facts ("what is owed is stored once"), and the check of it.

An app that stores what a rule finds registers a `StoredRows` in `AppConfig.ready()`. Every night, and by the
command `verify_stored`, the rules are asked again for all subjects; differences are counted, and repaired.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice

from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils.functional import Promise

from jobfirst.models import StoredCheck

MOST_LISTED = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class StoredRows:
    """Rows that follow from facts; `label` is their name for people.

    `differences` gives each difference between the rows and the facts as a line without names or numbers of
    citizens; it runs in a transaction, and locks out whoever changes the facts meanwhile. `recompute` makes
    the rows those that follow from the facts and returns how many differed; it runs after that transaction,
    and takes its locks in the order of the actions.
    """

    name: str
    differences: Callable[[], Iterable[str]]
    recompute: Callable[[], int]
    label: str | Promise


_stored: dict[str, StoredRows] = {}
_recomputed_afterwards: ContextVar[frozenset[str]] = ContextVar("recomputed afterwards", default=frozenset())


def add_stored_rows(rows: StoredRows) -> None:
    """Add rows to the check. ValueError when others have the name."""
    if _stored.setdefault(rows.name, rows) != rows:
        raise ValueError(f"two kinds of stored rows are called {rows.name}")


def registered_rows() -> list[StoredRows]:
    """Return what is checked, by name."""
    return [_stored[name] for name in sorted(_stored)]


@contextmanager
def recompute_afterwards(*names: str) -> Iterator[None]:
    """Within the block actions leave the rows of these names as they are; at its end all are recomputed.

    For whoever makes a whole trial at once (the demo). The block must lie in a transaction
    (TransactionManagementError): nobody else sees rows that do not follow from the facts.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("stored rows are recomputed afterwards within a transaction only")
    rows = [_stored[name] for name in names]
    token = _recomputed_afterwards.set(_recomputed_afterwards.get().union(names))
    try:
        yield
    finally:
        _recomputed_afterwards.reset(token)
    for stored in rows:
        stored.recompute()


def is_recomputed_afterwards(name: str) -> bool:
    """Whether actions leave the rows of this name as they are, within a block of `recompute_afterwards`."""
    return name in _recomputed_afterwards.get()


@dataclass(frozen=True)
class CheckResult:
    """How many rows of a name differ, the first differences, and how many rows were repaired."""

    name: str
    count: int
    lines: list[str]
    repaired: int = 0


class ChecksFailed(Exception):
    """Some checks could not be made; `results` are those of the others."""

    def __init__(self, names: Collection[str], results: list[CheckResult]) -> None:
        super().__init__(f"check failed: {', '.join(names)}")
        self.results = results


def check(rows: StoredRows, *, repair: bool) -> CheckResult:
    """Compare the rows with the facts; with `repair` make them the same.

    The finding is stored (and logged, before a repair) first, so that a repair that fails does not hide it.
    """
    with transaction.atomic():
        differences = iter(rows.differences())
        lines = list(islice(differences, MOST_LISTED))
        count = len(lines) + sum(1 for _difference in differences)
    StoredCheck.objects.create(name=rows.name, differences=count, repaired=False)
    if not (count and repair):
        return CheckResult(rows.name, count, lines)
    log.error("%s: %d difference(s) found. %s", rows.name, count, "; ".join(lines))
    repaired = rows.recompute()
    log.warning("%s: %d difference(s) repaired.", rows.name, repaired)
    StoredCheck.objects.create(name=rows.name, differences=repaired, repaired=True)
    return CheckResult(rows.name, count, lines, repaired)


def check_all(*, repair: bool) -> list[CheckResult]:
    """Compare all that is registered, one after the other.

    A check that fails is logged, and the others are made; ChecksFailed at the end.
    """
    results, failed = [], []
    for rows in registered_rows():
        try:
            results.append(check(rows, repair=repair))
        except Exception:
            log.exception("%s: the check failed", rows.name)
            failed.append(rows.name)
    if failed:
        raise ChecksFailed(failed, results)
    return results
