"""Numbers of citizens rounded up, so that neither a number nor a difference is of few: plain functions.

Where the reader chooses days, months or projects, any two numbers can be subtracted from one another. A
number that is rounded up to a multiple of the limit is 0 only for nobody, and so is every difference.
"""

from __future__ import annotations

from collections.abc import Sequence


def at_most(count: int, limit: int) -> int:
    """Return at most how many there are: the count rounded up to a multiple of the limit."""
    return -(-count // limit) * limit


def at_least(count: int, whole: int, limit: int) -> int:
    """Return at least how many of a known whole there are: the whole without at most the others."""
    return max(0, whole - at_most(whole - count, limit))


def total_at_most(counts: Sequence[int], limit: int) -> int:
    """Return at most how many there are in all rows, each of which is shown by `at_most`.

    It is the total rounded up. Where that would narrow what a row can be, it is the sum of the rounded rows.
    """
    total = at_most(sum(counts), limit)
    highest = [at_most(count, limit) for count in counts]
    lowest = [number and number - limit + 1 for number in highest]
    is_open = all(
        total - (sum(lowest) - low) >= high and total - limit + 1 - (sum(highest) - high) <= low
        for low, high in zip(lowest, highest, strict=True)
    )
    return total if is_open else sum(highest)


def to_nearest(count: int, limit: int) -> int:
    """Return the count to the nearest multiple of the limit."""
    return limit * round(count / limit)
