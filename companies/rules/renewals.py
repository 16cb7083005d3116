"""When an internship renews another (D14): at the same company, following directly.

Directly means from the next day, or after days that are no working days: the same rule by which the activity
grant joins periods (D28, the project's own choice). The link depends on the dates alone, so that the order of
recording or import makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from jobfirst.values.dates import DAY, LATEST, DateSpan
from jobfirst.values.working_days import has_working_day, is_working_day


@dataclass(frozen=True)
class Internship:
    """One internship at a company, to its actual last day, or else the planned one; its workplace is None
    while it is not known."""

    id: int
    span: DateSpan
    workplace: int | None = None


def follows_directly(last: date, first: date) -> bool:
    """Whether a placement from `first` follows one until `last` without a working day between them.

    False when it begins before the other has ended.
    """
    return first > last and not has_working_day(last + DAY, first - DAY)


def earliest_renewal(last: date) -> date:
    """Return the first day on which a renewal of a placement until `last` can begin."""
    return last + DAY


def latest_renewal(last: date) -> date:
    """Return the last day on which a renewal still follows directly: the next working day."""
    day = last + DAY
    while not is_working_day(day):
        day += DAY
    return day


def predecessors(internships: Iterable[Internship]) -> dict[int, int]:
    """Return by id which internship each one renews, among those of one citizen at one company.

    Each is renewed at most once; one without a last day by none. Of two that fit, the one at the same
    workplace is renewed, else the one that ended last; an internship at another workplace renews none.
    """
    renewed: dict[int, int] = {}
    free = sorted(internships, key=lambda internship: (internship.span.last or LATEST, internship.span.first))
    for internship in sorted(free, key=lambda internship: internship.span.first):
        before = [earlier for earlier in free if _takes_over(internship, earlier)]
        at_same_workplace = [earlier for earlier in before if earlier.workplace == internship.workplace]
        if before:
            taken_over = (at_same_workplace or before)[-1]
            renewed[internship.id] = taken_over.id
            free.remove(taken_over)
    return renewed


def chain_of(internship: int, renews: Mapping[int, int | None]) -> list[int]:
    """Return the chain of renewals that an internship belongs to, first to last; `renews` names by id what
    each one renews. One without renewals is a chain of its own."""
    renewed_by = {earlier: later for later, earlier in renews.items() if earlier is not None}
    first = internship
    while (earlier := renews.get(first)) is not None:
        first = earlier
    chain = [first]
    while chain[-1] in renewed_by:
        chain.append(renewed_by[chain[-1]])
    return chain


def _takes_over(internship: Internship, earlier: Internship) -> bool:
    last = earlier.span.last
    is_elsewhere = None not in (earlier.workplace, internship.workplace) and (
        earlier.workplace != internship.workplace
    )
    return last is not None and not is_elsewhere and follows_directly(last, internship.span.first)
