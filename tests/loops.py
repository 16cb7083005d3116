"""Loops that assert something: none may pass because there was nothing to look at."""

from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def some(items: Iterable[T]) -> list[T]:
    """Return the items as a list; fails when there are none.

    For loops whose body asserts something: over nothing they would pass. tests/test_style.py holds that every
    such loop uses this or `if_any`, goes through a literal, or that the test counts the items.
    """
    rows = list(items)
    assert rows, "there is nothing to look at"
    return rows


def if_any(items: Iterable[T]) -> Iterable[T]:
    """Return the items unchanged: for a loop that may rightly have nothing to look at, as an inner one."""
    return items
