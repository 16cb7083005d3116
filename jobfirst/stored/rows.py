"""Rows that follow from facts: compared with what the facts give, and made the same.

The app that stores them says what they are (`DerivedTable`), reads the facts and takes the locks.
`jobfirst.stored.checks` is the check of every night.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model

from jobfirst.database.batches import BATCH, batches

KeyT = TypeVar("KeyT", bound=NamedTuple)
RowT = TypeVar("RowT", bound=Model)


@dataclass(frozen=True)
class Difference(Generic[KeyT, RowT]):
    """A row on which the table and the facts differ: as stored, and as it follows (None: not at all)."""

    key: KeyT
    stored: RowT | None
    expected: RowT | None

    def state(self, surplus: str) -> str:
        """Return what is wrong with the row in a word; `surplus` for one that does not follow any more."""
        if self.stored is None:
            return "missing"
        return surplus if self.expected is None else "differs"


@dataclass(frozen=True)
class DerivedTable(Generic[KeyT, RowT]):
    """A table whose rows follow from facts.

    The fields of `key` identify a row (the model has a unique constraint of them); `fields` are all others
    that follow, by their names in the row (`project_id`). They are compared, and stored when they differ.
    """

    model: type[RowT]
    key: type[KeyT]
    fields: Sequence[str]

    def key_of(self, row: RowT) -> KeyT:
        """Return what identifies the row."""
        names: Sequence[str] = self.key._fields
        return self.key(*(getattr(row, name) for name in names))

    def compare(self, stored: Iterable[RowT], expected: Iterable[RowT]) -> list[Difference[KeyT, RowT]]:
        """Return the differences between the rows stored and those that follow (unsaved), by key."""
        stored_rows = {self.key_of(row): row for row in stored}
        expected_rows = {self.key_of(row): row for row in expected}
        return [
            Difference(key, stored_rows.get(key), expected_rows.get(key))
            for key in sorted(stored_rows.keys() | expected_rows.keys())
            if not self._is_same(stored_rows.get(key), expected_rows.get(key))
        ]

    def _is_same(self, stored: RowT | None, expected: RowT | None) -> bool:
        if stored is None or expected is None:
            return False
        return all(getattr(stored, name) == getattr(expected, name) for name in self.fields)

    def repair(self, differences: Sequence[Difference[KeyT, RowT]]) -> None:
        """Store the rows that follow, and delete those that do not; at most two statements for a batch."""
        manager: Any = self.model._default_manager
        surplus = [
            difference.stored.pk
            for difference in differences
            if difference.stored and not difference.expected
        ]
        if surplus:
            manager.filter(pk__in=surplus).delete()
        expected = [row.expected for row in differences if row.expected]
        if expected:
            manager.bulk_create(
                expected,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=self.key._fields,
                update_fields=self.fields,
            )

    def repair_all(self, differences: Iterable[Difference[KeyT, RowT]]) -> int:
        """Repair all differences, a batch at a time; return how many there were."""
        count = 0
        for batch in batches(differences):
            count += len(batch)
            self.repair(batch)
        return count
