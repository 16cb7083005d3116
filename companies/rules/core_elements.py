"""The core elements of the work at a company (D7): 5 match and work agreement, 7 ordinary hours.

5. **Match and work agreement** (D14, D15): a match and a work agreement in force for an internship. Missed
   from the day after the first internship day; met as soon as both are there, since a late agreement mends
   it (D47).
7. **Internship with ordinary hours** (D20): the work at companies has lasted the weeks of the first
   internship, in all and from its first day on, and has had ordinary hours with pay on one of its days. Days
   between two placements count when none of them is a working day (as D28 joins periods). Due on the last of
   those weeks, since ordinary hours may come as a step on the way; met later, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from cases.rules.fidelity import Indicator, Lack, overdue_from
from companies.rules.renewals import follows_directly
from jobfirst.values.dates import DAY, DateSpan, merged

MATCH_MISSING = "match_missing"
AGREEMENT_MISSING = "agreement_missing"
NO_ORDINARY_HOURS = "no_ordinary_hours"
INTERNSHIP_SHORT = "internship_short"


def match_and_agreement(
    internship_from: date | None, matched_on: date | None, agreed_on: date | None
) -> Indicator:
    """Return whether there are a match and a work agreement (element 5), given the first day of each."""
    lacks = []
    if internship_from is not None:
        lacks = [
            Lack.until_done(MATCH_MISSING, internship_from, matched_on),
            Lack.until_done(AGREEMENT_MISSING, internship_from, agreed_on),
        ]
    return Indicator(
        met_from=max(matched_on, agreed_on) if matched_on and agreed_on else None,
        missed_from=None if internship_from is None else internship_from + DAY,
        due_on=internship_from,
        lacks=lacks,
        mendable=True,
    )


def ordinary_hours(
    first_weeks: DateSpan | None, work: Iterable[DateSpan], paid: Iterable[DateSpan]
) -> Indicator:
    """Return whether the internship was combined with ordinary hours (element 7).

    `first_weeks` are those of the first internship (None: none has begun), `work` the days of internship,
    wage subsidy and employment, `paid` those with ordinary hours.
    """
    if first_weeks is None:
        return Indicator()
    internship_from, due_on = first_weeks.first, first_weeks.last_day
    course_days = DateSpan(internship_from)
    paid_from = min(
        (max(span.first, internship_from) for span in paid if span.overlaps(course_days)), default=None
    )
    reached_on = _day_reached(internship_from, work, first_weeks.days)
    return Indicator(
        met_from=max(paid_from, reached_on) if paid_from and reached_on else None,
        missed_from=overdue_from(due_on),
        due_on=due_on,
        lacks=[
            Lack.until_done(NO_ORDINARY_HOURS, internship_from, paid_from),
            Lack.until_done(INTERNSHIP_SHORT, due_on + DAY, reached_on),
        ],
        mendable=True,
    )


def _day_reached(first: date, work: Iterable[DateSpan], number: int) -> date | None:
    """Return the day on which so many days of work are reached from the first on; None if they are not."""
    left = number
    for span in _joined(DateSpan(max(span.first, first), span.last) for span in work):
        if span.last is None or span.days >= left:
            return span.first + (left - 1) * DAY
        left -= span.days
    return None


def _joined(work: Iterable[DateSpan]) -> list[DateSpan]:
    """Return the days of work as disjoint spans; those without a working day between them are one (D28)."""
    joined: list[DateSpan] = []
    for span in merged(work):
        if joined and follows_directly(joined[-1].last_day, span.first):
            joined[-1] = DateSpan(joined[-1].first, span.last)
        else:
            joined.append(span)
    return joined
