"""When an internship renews another (D14): at the same company, taking over directly where it left off.

Directly means by the next day, or over days that are no working days: the same rule by which the activity
grant joins spells (D28, the project's own choice). The link follows from the dates alone, so that it does
not matter in which order placements are recorded or imported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from jobfirst.calendar import has_working_day, is_working_day

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Internship:
    """One internship at a company; `last` is its actual last day, while unknown the planned one."""

    id: int
    first: date
    last: date


def follows_directly(last: date, first: date) -> bool:
    """Whether something that begins on `first` takes over from what ended on `last` without a working day
    between them. What begins before the other has ended does not follow it."""
    return first > last and not has_working_day(last + _DAY, first - _DAY)


def earliest_renewal(last: date) -> date:
    """The first day on which a renewal of what ends on `last` can begin."""
    return last + _DAY


def latest_renewal(last: date) -> date:
    """The last day on which a renewal can begin and still follow directly: the next working day."""
    day = last + _DAY
    while not is_working_day(day):
        day += _DAY
    return day


def predecessors(internships: Iterable[Internship]) -> dict[int, int]:
    """Which internship each one renews, among those of one citizen at one company; each at most once."""
    found: dict[int, int] = {}
    free = sorted(internships, key=lambda each: (each.last, each.first))
    for each in sorted(free, key=lambda one: one.first):
        before = [one for one in free if follows_directly(one.last, each.first)]
        if before:
            found[each.id] = before[-1].id
            free.remove(before[-1])
    return found
