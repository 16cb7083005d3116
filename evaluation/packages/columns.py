"""What a table of the package is made of: its columns with their meaning, and how its rows are read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal

from django.utils.functional import Promise

from evaluation.packages.batch import PackageBatch

ColumnType = Literal["text", "integer", "decimal", "boolean"]

#: The cells of a row, in the order of the columns.
PackageRow = tuple[Any, ...]


@dataclass(frozen=True)
class PackageColumn:
    """A column: its name in the files, its type, what it means, its values, and where it comes from.

    `values` are the codes that may stand there, or the unit. `source` names model and field.
    """

    name: str
    type: ColumnType
    meaning: str | Promise
    values: str = ""
    source: str = ""


@dataclass(frozen=True)
class PackageTable:
    """A table: the name of its files, what a row is, its columns, and the rows of a batch of citizens."""

    name: str
    meaning: str | Promise
    columns: tuple[PackageColumn, ...]
    rows: Callable[[PackageBatch], Iterable[PackageRow]]

    def read(self, batches: Iterable[PackageBatch]) -> Iterator[list[PackageRow]]:
        """Yield the rows of each batch, sorted by pseudonym: no order of the database shows."""
        for batch in batches:
            yield sorted(self.rows(batch), key=itemgetter(0))
