"""Work in batches, so that the size of a query and the rows in memory do not grow with the data."""

import itertools
from collections.abc import Iterable, Iterator
from typing import TypeVar

#: How many items a batch has at most.
BATCH = 1000
#: The same for a bulk update, which compares every row with every other: small batches are much faster.
UPDATE_BATCH = 200

ItemT = TypeVar("ItemT")


def batches(items: Iterable[ItemT]) -> Iterator[list[ItemT]]:
    """Yield the items in lists of at most a thousand."""
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, BATCH)):
        yield batch
