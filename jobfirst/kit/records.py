"""Values of records by their names, and how they sort."""

from collections.abc import Sequence
from typing import Any

from jobfirst.values.danish_order import danish_key


def reversed_key(key: str) -> str:
    """Return the key that sorts the other way."""
    return key.removeprefix("-") if key.startswith("-") else f"-{key}"


def sortable(value: Any) -> tuple[bool, Any]:
    """Return the value as something that sorts beside None, which comes last; texts as in Danish."""
    return value is None, danish_key(value) if isinstance(value, str) else value


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
