"""What a row of a file changes of a placement that persons change as well (D42).

A file describes the source as it stood when it was delivered. A value that is delivered again as before says
nothing new: what a person has entered since stays. A new value is taken over, unless a person has entered
another one since: then only a person can say which is right.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

#: The reason that the history gives for what a file corrects, also one that a person uploads.
DELIVERED = "delivered"

#: Where nothing was delivered before, such a value is never taken over in place of a person's.
FINAL = frozenset({"ended_on"})


class DeliveredChange(NamedTuple):
    """The values that a placement takes over from a row, and the names of those that contradict a person."""

    values: dict[str, Any]
    contradicted: list[str]


def as_delivered(values: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of a row as they are kept: texts, empty for no value."""
    return {name: _text(value) for name, value in values.items()}


def delivered_change(
    row: Mapping[str, Any], stored: Mapping[str, Any], before: Mapping[str, str] | None
) -> DeliveredChange:
    """Compare a row with the stored values, and with what the file before said; None when there was none."""
    change = DeliveredChange({}, [])
    for name, value in row.items():
        if value == stored[name]:
            continue
        if before is None:
            is_repeated = name in FINAL and value is None
            is_persons = name in FINAL and stored[name] is not None
        else:
            is_repeated = before.get(name) == _text(value)
            is_persons = before.get(name) != _text(stored[name])
        if is_repeated:
            continue
        if is_persons:
            change.contradicted.append(name)
        else:
            change.values[name] = value
    return change


def _text(value: str | date | Decimal | None) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
