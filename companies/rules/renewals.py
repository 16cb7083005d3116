"""When an internship renews another (D14): at the same company, taking over directly where it left off.

Directly means by the next day, or over days that are no working days: the same rule by which the activity
grant joins spells (D28, the project's own choice). The link follows from the dates alone, so that it does
not matter in which order placements are recorded or imported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from jobfirst.calendar import has_working_day, is_working_day
from jobfirst.dates import DAY, LATEST, DateSpan


@dataclass(frozen=True)
class Internship:
    """One internship at a company, to its actual last day, while unknown the planned one."""

    id: int
    span: DateSpan


def follows_directly(last: date, first: date) -> bool:
    """Whether something that begins on `first` takes over from what ended on `last` without a working day
    between them. What begins before the other has ended does not follow it."""
    return first > last and not has_working_day(last + DAY, first - DAY)


def earliest_renewal(last: date) -> date:
    """The first day on which a renewal of what ends on `last` can begin."""
    return last + DAY


def latest_renewal(last: date) -> date:
    """The last day on which a renewal can begin and still follow directly: the next working day."""
    day = last + DAY
    while not is_working_day(day):
        day += DAY
    return day


def predecessors(internships: Iterable[Internship]) -> dict[int, int]:
    """Return which internship each one renews, by id, among those of one citizen at one company.

    Each is renewed at most once; one without a last day by none.
    """
    renewed: dict[int, int] = {}
    free = sorted(internships, key=lambda internship: (internship.span.last or LATEST, internship.span.first))
    for internship in sorted(free, key=lambda internship: internship.span.first):
        before = [earlier for earlier in free if _takes_over(internship, earlier)]
        if before:
            renewed[internship.id] = before[-1].id
            free.remove(before[-1])
    return renewed


def _takes_over(internship: Internship, earlier: Internship) -> bool:
    last = earlier.span.last
    return last is not None and follows_directly(last, internship.span.first)
