"""What one citizen's placements earn under the activity grant (D26–D29).

Plain functions over plain values: no database, no clock. The reckoning, in order:

1. Each spell gets an extent: to its actual end; while none is recorded, to its planned end; an
   employment without one runs onwards.
2. The extent is clipped to what can count: from the later of the allocation and the project's start,
   to the earliest of the cut-off, the project's end and the day the citizen left the trial; nothing of
   somebody referred in error. Clipping comes before joining, so that days that
   cannot count can neither earn nor bridge anything.
3. Extents of counting kinds at the same company are joined to runs: overlapping, adjoining, or with a
   hole made only of Saturdays, Sundays and public holidays (those days then count), or with a hole no
   longer than the tolerance (those days do not break the run, and do not count either).
4. The start is earned on the first day that counts anywhere. The completion is earned on the first day
   on which a run at one company has `completion_days` days that count. Each once; never a completion
   without a start.

Terms are dated. An event is judged, and paid, by the terms in force on its own day, so that a change
never alters what was earned before it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from grants.rules.values import (
    CENT,
    DAY,
    EMPLOYMENT_KINDS,
    Days,
    Entitlement,
    Event,
    EventKind,
    Hole,
    HoleKind,
    Longest,
    Reason,
    Run,
    Spell,
    Terms,
    Unused,
    Window,
)
from jobfirst.calendar import has_working_day


def terms_on(terms: Sequence[Terms], day: date) -> Terms | None:
    """The row in force on the day: the latest with `valid_from` on or before it; None before the first."""
    in_force = [row for row in terms if row.valid_from <= day]
    return max(in_force, key=lambda row: row.valid_from, default=None)


def ceiling(terms: Terms, target_count: int) -> Decimal:
    """The most a project can be paid over all its years (D29), in kroner, rounded down to the øre."""
    per_participant = terms.start_amount + terms.completion_amount
    return (terms.ceiling_share * per_participant * target_count).quantize(CENT, rounding=ROUND_DOWN)


def payable(earned_to_date: Decimal, ceiling: Decimal, paid_before: Decimal) -> Decimal:
    """What is left to pay (D29, D30); negative when earlier statements paid more than is now earned."""
    return min(earned_to_date, ceiling) - paid_before


def reckon(spells: Iterable[Spell], window: Window, terms: Sequence[Terms]) -> Entitlement:
    """What one citizen has earned up to the window's cut-off, under dated terms.

    The order of the spells and of the terms makes no difference. Overlapping, unfinished and
    inconsistent spells are accepted; whatever earns nothing is returned with its reason.
    """
    inside: list[tuple[Spell, Days]] = []
    unused: list[Unused] = []
    countable = frozenset().union(*(row.counting_kinds for row in terms))
    for spell in sorted(spells, key=_order):
        extent = _clipped(spell, window) if spell.kind in countable else Reason.KIND_DOES_NOT_COUNT
        if isinstance(extent, Days):
            inside.append((spell, extent))
        else:
            unused.append(Unused(spell.id, extent))
    periods = [
        (row, Days(row.valid_from, until), _runs(inside, row)) for row, until in _periods(terms, window.last)
    ]
    events = []
    start = _start(periods)
    longest = None
    if start:
        events.append(start)
        completion = _completion(periods, start.on)
        if completion:
            events.append(completion)
        else:
            longest = _longest(periods)
    unused += _without_use(inside, periods, events)
    return Entitlement(tuple(events), tuple(unused), longest)


_Period = tuple[Terms, Days, list[Run]]


def _order(spell: Spell) -> tuple[date, str, str]:
    return (spell.starts_on, spell.company, str(spell.id))


def _clipped(spell: Spell, window: Window) -> Days | Reason:
    """The spell's days inside the window, or why there are none."""
    last = spell.ended_on or spell.planned_end_on
    if last is None:
        if spell.kind not in EMPLOYMENT_KINDS:
            return Reason.NO_END_KNOWN
        last = date.max
    if last < spell.starts_on:
        return Reason.ENDS_BEFORE_IT_STARTS
    if last < window.allocated_on:
        return Reason.BEFORE_ALLOCATION
    if last < window.project_starts_on:
        return Reason.BEFORE_PROJECT
    if max(spell.starts_on, window.first) > window.project_ends_on:
        return Reason.AFTER_PROJECT
    if max(spell.starts_on, window.first) > window.cut_off:
        return Reason.AFTER_CUT_OFF
    if window.void:
        return Reason.REFERRED_IN_ERROR
    if max(spell.starts_on, window.first) > window.last:
        return Reason.LEFT_TRIAL
    return Days(max(spell.starts_on, window.first), min(last, window.last))


def _periods(terms: Sequence[Terms], last: date) -> Iterator[tuple[Terms, date]]:
    """Each row of terms with the last day it is in force, the final one until `last`."""
    rows = sorted(terms, key=lambda row: row.valid_from)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        until = min(following.valid_from - DAY, last) if following else last
        if row.valid_from <= until:
            yield row, until


def _runs(inside: list[tuple[Spell, Days]], terms: Terms) -> list[Run]:
    """Spells of counting kinds joined per company under one row of terms, by company."""
    by_company: dict[str, list[tuple[Spell, Days]]] = defaultdict(list)
    for spell, extent in inside:
        if spell.kind in terms.counting_kinds:
            by_company[spell.company].append((spell, extent))
    runs: list[Run] = []
    for company in sorted(by_company):
        run = None
        for spell, extent in sorted(by_company[company], key=lambda item: item[1].first):
            if run is None or not _joined(run, spell, extent, terms):
                run = Run(company, [extent], [(spell, extent)])
                runs.append(run)
    return runs


def _joined(run: Run, spell: Spell, extent: Days, terms: Terms) -> bool:
    """Joins the extent to the run if the hole before it allows (D28); whether it did."""
    hole = Days(run.last + DAY, extent.first - DAY)
    last = max(run.last, extent.last)
    if len(hole) == 0:
        run.stretches[-1] = Days(run.stretches[-1].first, last)
    elif terms.bridge_non_working_days and not has_working_day(hole.first, hole.last):
        run.stretches[-1] = Days(run.stretches[-1].first, last)
        run.holes.append(Hole(hole, HoleKind.NON_WORKING))
    elif len(hole) <= terms.tolerance_days:
        run.stretches.append(extent)
        run.holes.append(Hole(hole, HoleKind.TOLERATED))
    else:
        return False
    run.spells.append((spell, extent))
    return True


def _start(periods: Iterable[_Period]) -> Event | None:
    """The start: the first day on which a spell of a kind that counts that day is running."""
    for row, in_force, runs in periods:
        firsts = [
            (max(extent.first, in_force.first), run.company, str(spell.id), spell)
            for run in runs
            for spell, extent in run.spells
            if extent.last >= in_force.first and extent.first <= in_force.last
        ]
        if firsts:
            day, company, _, spell = min(firsts, key=lambda item: item[:3])
            amount = row.amount(EventKind.START)
            return Event(EventKind.START, day, amount, row.valid_from, company, (spell.id,), day, 1)
    return None


def _completion(periods: Iterable[_Period], start: date) -> Event | None:
    """The completion: the first day, not before the start, on which a run has days enough (D28)."""
    for row, in_force, runs in periods:
        reached = []
        for run in runs:
            day = run.day_reaching(row.completion_days, max(in_force.first, start))
            if day and day <= in_force.last:
                reached.append((day, run.company, run))
        if reached:
            day, company, run = min(reached, key=lambda item: item[:2])
            return Event(
                kind=EventKind.COMPLETION,
                on=day,
                amount=row.amount(EventKind.COMPLETION),
                terms_valid_from=row.valid_from,
                company=company,
                spell_ids=run.needed_for(day),
                counted_from=run.stretches[0].first,
                counted_days=run.counted(day),
                holes=tuple(
                    Hole(hole.days.until(day), hole.kind) for hole in run.holes if hole.days.first <= day
                ),
            )
    return None


def _longest(periods: Iterable[_Period]) -> Longest | None:
    """The run with the most days that count, each judged by the terms on its last day (D28)."""
    found = [
        Longest(
            company=run.company,
            days=Days(run.stretches[0].first, run.last).until(in_force.last),
            counted_days=run.counted(in_force.last),
            needed_days=row.completion_days,
        )
        for row, in_force, runs in periods
        for run in runs
        if run.stretches[0].first <= in_force.last and run.last >= in_force.first
    ]
    return max(found, key=lambda item: (item.counted_days, item.days.last), default=None)


def _without_use(
    inside: list[tuple[Spell, Days]], periods: list[_Period], events: list[Event]
) -> Iterator[Unused]:
    """Each spell inside the window that no event rests on, judged by the terms on its last day."""
    used = {spell_id for event in events for spell_id in event.spell_ids}
    completed = next((event.on for event in events if event.kind is EventKind.COMPLETION), date.max)
    for spell, extent in inside:
        if spell.id in used:
            continue
        judged_by = [period for period in periods if period[1].first <= extent.last]
        if not judged_by:
            yield Unused(spell.id, Reason.NO_TERMS)
            continue
        row, in_force, runs = judged_by[-1]
        run = next((run for run in runs if any(other.id == spell.id for other, _ in run.spells)), None)
        if run is None:
            yield Unused(spell.id, Reason.KIND_DOES_NOT_COUNT)
            continue
        reason = Reason.ALREADY_EARNED if completed <= run.last else Reason.TOO_SHORT
        yield Unused(spell.id, reason, run.counted(in_force.last), row.completion_days)
