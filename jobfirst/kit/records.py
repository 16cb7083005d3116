"""Values of records by their names, and how they sort."""

from collections.abc import Sequence
from typing import Any


def reversed_key(key: str) -> str:
    """Return the key that sorts the other way."""
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def sortable(value: Any) -> tuple[bool, Any]:
    """Return the value as something that sorts beside None, which comes last."""
    return value is None, value


def value_of(record: Any, accessor: str) -> Any:
    """Return what the accessor leads to."""
    return follow(record, accessor.split("__"))


def follow(record: Any, path: Sequence[str]) -> Any:
    """Return what the attributes lead to one after the other; None where one of them is None."""
    value = record
    for name in path:
        value = getattr(value, name)
        if callable(value):
            value = value()
        if value is None:
            return None
    return value
