"""A work agreement in words and as a document (D15, D37)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from companies.models import WEEKDAYS, HoursKind, WorkAgreement
from companies.presentation.schedule import period_in_words
from companies.rules.weekly_schedule import WorkPeriod


@dataclass(frozen=True)
class DayOfSchedule:
    """A weekday with its internship hours and ordinary hours."""

    name: str | Promise
    internship: Sequence[WorkPeriod]
    ordinary: Sequence[WorkPeriod]


def week_in_words(lines: Sequence[WorkPeriod]) -> str:
    """Return a weekly schedule as text, one line per period."""
    kinds = dict(HoursKind.choices)
    return "\n".join(f"{WEEKDAYS[line.weekday]} {period_in_words(line)} {kinds[line.kind]}" for line in lines)


def document(agreement: WorkAgreement) -> dict[str, Any]:
    """Return the context of the printed agreement: only what the version itself holds (D37)."""
    lines = agreement.periods()
    return {"agreement": agreement.printed(), "week": _week(lines) if lines else []}


def _week(lines: Sequence[WorkPeriod]) -> list[DayOfSchedule]:
    """Return Monday to Friday, and the weekend days that have hours."""
    week = []
    for weekday, name in WEEKDAYS.items():
        day = [line for line in lines if line.weekday == weekday]
        if day or weekday <= 5:
            internship = [line for line in day if line.kind == HoursKind.INTERNSHIP]
            ordinary = [line for line in day if line.kind == HoursKind.ORDINARY]
            week.append(DayOfSchedule(name, internship, ordinary))
    return week
