"""What an accommodation allows of working hours (D11): plain values, and phrases of free text that name them.

Each limit is optional. They are compared with the weekly schedule of a work agreement, which warns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import time
from decimal import Decimal


@dataclass(frozen=True)
class WorkLimits:
    """At most so many hours a day, hours a week and days a week; not before and not after an hour; no night
    (22.00 to 06.00) and no weekend."""

    hours_a_day: Decimal | None = None
    hours_a_week: Decimal | None = None
    days_a_week: int | None = None
    not_before: time | None = None
    not_after: time | None = None
    no_nights: bool = False
    no_weekend: bool = False

    def __bool__(self) -> bool:
        return self != WorkLimits()


#: The names of the limits: the accommodation's fields, its form and its form's suggestion derive from them.
LIMITS = tuple(field.name for field in fields(WorkLimits))


def strictest(limits: Iterable[WorkLimits]) -> WorkLimits:
    """Return the limits that keep to all of these: of each number the lowest, of each hour the narrowest."""
    limits = list(limits)
    return WorkLimits(
        hours_a_day=_least(limit.hours_a_day for limit in limits),
        hours_a_week=_least(limit.hours_a_week for limit in limits),
        days_a_week=min((limit.days_a_week for limit in limits if limit.days_a_week), default=None),
        not_before=max((limit.not_before for limit in limits if limit.not_before is not None), default=None),
        not_after=min((limit.not_after for limit in limits if limit.not_after is not None), default=None),
        no_nights=any(limit.no_nights for limit in limits),
        no_weekend=any(limit.no_weekend for limit in limits),
    )


def _least(numbers: Iterable[Decimal | None]) -> Decimal | None:
    return min((number for number in numbers if number is not None), default=None)


_MOST = r"(?:højst|maks\.?|max\.?|maksimalt|maximalt|op til)\s+"
_HOURS = r"(\d{1,2}(?:,\d{1,2})?)\s+timers?(?:\s+arbejde)?\s+"
_DAY = r"(?:om dagen|pr\.? dag|dagligt|per dag)"
_WEEK = r"(?:om ugen|pr\.? uge|ugentligt|per uge)"
#: Danish phrases that name a limit outright. What is worded otherwise is not guessed at.
_PHRASES = {
    "hours_a_day": re.compile(_MOST + _HOURS + _DAY),
    "hours_a_week": re.compile(_MOST + _HOURS + _WEEK),
    "days_a_week": re.compile(_MOST + r"([1-7])\s+dage?\s+" + _WEEK),
}


def limits_named_in(text: str) -> WorkLimits:
    """Return the limits that a Danish text names, to be suggested and not to be used unseen.

    "Højst 4 timer om dagen", "max 15 timer om ugen", "højst 3 dage om ugen".
    """
    words = " ".join(text.lower().split())
    numbers = {name: phrase.search(words) for name, phrase in _PHRASES.items()}
    day, week, days = (numbers[name] for name in _PHRASES)
    return WorkLimits(
        hours_a_day=Decimal(day[1].replace(",", ".")) if day else None,
        hours_a_week=Decimal(week[1].replace(",", ".")) if week else None,
        days_a_week=int(days[1]) if days else None,
    )
