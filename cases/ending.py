"""What ends with a course: higher floors say what of theirs still runs, and end it (module `ending`)."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cases.models import Course


@dataclass(frozen=True)
class Ender:
    """`running` names what of the course has no last day recorded; `end` records it, under the course's lock:
    course, last day, and who says so (None when nobody does)."""

    running: Callable[[Course], list[str]]
    end: Callable[[Course, datetime.date, Any], None]


_enders: dict[str, Ender] = {}


def register(key: str, ender: Ender) -> None:
    """Let something end with the course; the same `key` again replaces it."""
    _enders[key] = ender


def running(course: Course) -> list[str]:
    """Everything of the course without a last day, in words."""
    return [words for ender in _enders.values() for words in ender.running(course)]


def end_all(course: Course, last: datetime.date, by: Any) -> None:
    """End everything that runs beyond the day, which is the last one present."""
    for ender in _enders.values():
        ender.end(course, last, by)
