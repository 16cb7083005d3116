"""Working days in Denmark.

A day is a working day unless it is a Saturday, a Sunday or a Danish public holiday (*helligdag* in the law):
New Year's Day, Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday,
Christmas Day and 26 December, and General Prayer Day (Store Bededag) up to and including 2023, after which it
was abolished.

24 and 31 December, 1 May and 5 June (Constitution Day) are *not* public holidays. Many workplaces close on
them by agreement, but here they are working days.

The rules that depend on this: D28 (which gaps interrupt a company course) and D33 (when a digest is sent).
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from jobfirst.values.dates import DAY

SATURDAY = 5


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """Return the Danish public holidays of a calendar year, including those on Sundays."""
    import holidays

    return frozenset(holidays.country_holidays("DK", years=year, categories=("public",)))


def is_working_day(day: date) -> bool:
    """Whether the day is neither a Saturday, a Sunday nor a Danish public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def days(first: date, last: date) -> Iterator[date]:
    """Return every calendar day from first to last, both included; empty when last is before first."""
    for offset in range((last - first).days + 1):
        yield first + offset * DAY


def has_working_day(first: date, last: date) -> bool:
    """Whether at least one working day lies between first and last, both included."""
    return any(is_working_day(day) for day in days(first, last))


def working_days(first: date, last: date) -> list[date]:
    """Return the working days from first to last, both included."""
    return [day for day in days(first, last) if is_working_day(day)]


def next_working_day(day: date) -> date:
    """Return the first working day after the given day."""
    day += DAY
    while not is_working_day(day):
        day += DAY
    return day
