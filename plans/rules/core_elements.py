"""The core elements of the plans (D7): 3 sniffing, 8 plan for job.

3. **Sniffing** (D12, D13): the citizen meets several workplaces before the internship begins, no whole week
   of the sniffing period is without an activity or a placement, and the period is no longer than its weeks.
   Met from the first internship day; missed for good after an empty week, when the period is too long, or
   after the day on which the internship began with fewer workplaces.
8. **Plan for job** (D21): a plan made by the last day of the first weeks of internship. Missed from the day
   after; met as soon as the plan is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from cases.rules.core_elements import SNIFFING_TOO_LONG, sniffing_limit
from cases.rules.fidelity import Indicator, Lack, earliest, overdue_from
from cases.rules.weekly_contact import Week, first_contact_week
from jobfirst.values.dates import DAY, WEEK, DateSpan, merged
from jobfirst.values.working_days import is_working_day as is_danish_working_day

FEW_WORKPLACES = "few_workplaces"
EMPTY_WEEK = "empty_week"
PLAN_MISSING = "plan_missing"

#: The sources speak of workplaces, in the plural: fewer than this are not "several".
SEVERAL = 2


class SniffingFacts(NamedTuple):
    """What filled the sniffing period: the days planned, and the first day at each workplace."""

    planned: list[DateSpan]
    workplaces: dict[int | str, date]


def sniffing(
    started_on: date,
    internship_from: date | None,
    facts: SniffingFacts,
    *,
    weeks: int,
    is_working_day: Callable[[date], bool] = is_danish_working_day,
) -> Indicator:
    """Return whether the citizen sniffed at several workplaces, every week and not too long (element 3)."""
    limit = sniffing_limit(started_on, weeks)
    visits = sorted(
        day for day in facts.workplaces.values() if internship_from is None or day <= internship_from
    )
    several_from = visits[SEVERAL - 1] if len(visits) >= SEVERAL else None
    period = DateSpan(started_on, None if internship_from is None else internship_from - DAY)
    empty = _first_empty_week(period, facts.planned, is_working_day)
    failures = []
    if empty is not None:
        failures.append(Lack(EMPTY_WEEK, empty.sunday + DAY))
    if internship_from is None or internship_from > limit:
        failures.append(Lack(SNIFFING_TOO_LONG, limit + DAY))
    too_few_from = None
    if internship_from is not None and several_from is None:
        too_few_from = internship_from + DAY
    return Indicator(
        met_from=internship_from if several_from is not None else None,
        missed_from=earliest(too_few_from, *(lack.first for lack in failures)),
        due_on=limit,
        lacks=[Lack.until_done(FEW_WORKPLACES, started_on, several_from), *failures],
    )


def _first_empty_week(
    period: DateSpan, planned: Iterable[DateSpan], is_working_day: Callable[[date], bool]
) -> Week | None:
    """Return the first whole week of the period with a working day and nothing planned."""
    spans = merged(planned)
    week = first_contact_week(period)
    while week.sunday in period:
        has_working_day = any(is_working_day(week.monday + offset * DAY) for offset in range(7))
        if has_working_day and not any(span.overlaps(week.span) for span in spans):
            return week
        if spans and spans[-1].last is None and spans[-1].first <= week.monday:
            return None
        week = Week(week.monday + WEEK)
    return None


def plan_for_job(
    continued_from: date | None, made_on: date | None, pauses: Iterable[DateSpan] = ()
) -> Indicator:
    """Return whether the plan for job was made (element 8).

    `continued_from` is the day after the first weeks of internship; `pauses` suspend the plan.
    """
    if continued_from is None:
        return Indicator(met_from=made_on)
    due_on = continued_from - DAY
    missed_from = overdue_from(due_on, pauses)
    lacks = [] if missed_from is None else [Lack.until_done(PLAN_MISSING, missed_from, made_on)]
    return Indicator(met_from=made_on, missed_from=missed_from, due_on=due_on, lacks=lacks, mendable=True)
