"""The core elements of the course itself (D7): 1 roles, 6 retention support, 9 kick-start and duration.

1. **Roles** (D8): met from the first day on which each of the four functions has a holder; missed for good
   after a day on which one of them has none.
6. **Intensive retention support** (D17, D19): a contact in every week from the course's start to the end of
   the retention window, as the rule gives it without a prolongation by a plan for job. Met when the window
   is over; missed for good after a week without contact. A week that is paused owes none (D50).
9. **Kick-start and duration** (D12, D22): something fills each working day from the first one on, the
   internship begins within the weeks of the sniffing period, and its first weeks pass. Met from the first
   day after them; missed for good after a day without anything (a pause explains it), or when the sniffing
   period is too long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from cases.rules.fidelity import Indicator, Lack, earliest
from cases.rules.pauses import first_week_not_paused
from cases.rules.weekly_contact import Week, first_contact_week, week_of
from jobfirst.values.dates import DAY, WEEK, DateSpan, merged
from jobfirst.values.working_days import is_working_day as is_danish_working_day

VACANT_AT_START = "vacant_at_start"
VACANT_LATER = "vacant_later"
CONTACT_MISSED = "contact_missed"
LATE_START = "late_start"
GAP = "gap"
SNIFFING_TOO_LONG = "sniffing_too_long"


def roles(started_on: date, holdings: Iterable[Sequence[DateSpan]]) -> Indicator:
    """Return whether all functions are held from day one (element 1); `holdings` has the days of each one's
    holders."""
    vacant_on = earliest(*(_first_vacant_day(started_on, days) for days in holdings))
    if vacant_on is None:
        return Indicator(met_from=started_on)
    is_from_start = vacant_on == started_on
    return Indicator(
        met_from=None if is_from_start else started_on,
        missed_from=vacant_on + DAY,
        due_on=vacant_on,
        lacks=[Lack(VACANT_AT_START if is_from_start else VACANT_LATER, vacant_on)],
    )


def _first_vacant_day(started_on: date, holdings: Sequence[DateSpan]) -> date | None:
    day = started_on
    for holding in merged(holdings):
        if day not in holding:
            if holding.first > day:
                return day
            continue
        if holding.last is None:
            return None
        day = holding.last + DAY
    return day


def retention_support(
    follow_up: DateSpan, contacts: Sequence[date], pauses: Sequence[DateSpan], *, weekday: int
) -> Indicator:
    """Return whether each week had its contact (element 6).

    `follow_up` has no last day before the first internship. `weekday` is the ISO weekday from which a contact
    is asked for, which decides whether a week is paused.
    """
    days_by_week: dict[Week, date] = {}
    for day in sorted(contacts):
        days_by_week.setdefault(week_of(day), day)
    missed = _first_week_missed(follow_up, days_by_week, pauses, weekday=weekday)
    if missed is not None:
        missed_from = missed.sunday + DAY
        return Indicator(
            missed_from=missed_from, due_on=follow_up.last, lacks=[Lack(CONTACT_MISSED, missed_from)]
        )
    if follow_up.last is None:
        return Indicator()
    last_contact = days_by_week.get(week_of(follow_up.last), follow_up.first)
    return Indicator(met_from=max(follow_up.last + DAY, last_contact), due_on=follow_up.last)


def _first_week_missed(
    follow_up: DateSpan, contact_weeks: Mapping[Week, date], pauses: Sequence[DateSpan], *, weekday: int
) -> Week | None:
    """Return the first week that owes a contact and has none; None when there is none, or a pause goes on."""
    week = first_week_not_paused(first_contact_week(follow_up), pauses, weekday=weekday)
    while week is not None and week.monday in follow_up:
        if week not in contact_weeks:
            return week
        week = first_week_not_paused(Week(week.monday + WEEK), pauses, weekday=weekday)
    return None


def duration(
    started_on: date,
    internship_from: date | None,
    continued_from: date | None,
    filled: Iterable[DateSpan],
    *,
    sniffing_weeks: int,
    is_working_day: Callable[[date], bool] = is_danish_working_day,
) -> Indicator:
    """Return whether the course began at once, without gaps, and in its time (element 9).

    `continued_from` is the day after the first weeks of internship.
    """
    empty_on = first_empty_day(started_on, filled, is_working_day=is_working_day)
    longest = sniffing_limit(started_on, sniffing_weeks)
    lacks = []
    if empty_on is not None:
        is_late = empty_on == _first_working_day(started_on, is_working_day)
        lacks.append(Lack(LATE_START if is_late else GAP, empty_on + DAY))
    if internship_from is None or internship_from > longest:
        lacks.append(Lack(SNIFFING_TOO_LONG, longest + DAY))
    return Indicator(
        met_from=continued_from,
        missed_from=earliest(*(lack.first for lack in lacks)),
        due_on=longest if continued_from is None else continued_from - DAY,
        lacks=lacks,
    )


def sniffing_limit(started_on: date, weeks: int) -> date:
    """Return the last day on which the internship begins after a sniffing period of at most `weeks` (D12)."""
    return started_on + weeks * WEEK


def first_empty_day(
    started_on: date,
    filled: Iterable[DateSpan],
    *,
    is_working_day: Callable[[date], bool] = is_danish_working_day,
) -> date | None:
    """Return the first working day from the start on that nothing fills (D22); None when all are filled."""
    day = started_on
    for span in merged(filled):
        if span.last is not None and span.last < day:
            continue
        empty_on = _first_working_day(day, is_working_day, until=span.first)
        if empty_on is not None:
            return empty_on
        if span.last is None:
            return None
        day = span.last + DAY
    return _first_working_day(day, is_working_day)


def _first_working_day(
    day: date, is_working_day: Callable[[date], bool], *, until: date | None = None
) -> date | None:
    """Return the first working day from `day` on, before the day `until`."""
    while until is None or day < until:
        if is_working_day(day):
            return day
        day += DAY
    return None
