"""What one citizen's placements earn under the activity grant (D26–D29).

Plain functions over plain values: no database, no clock. The reckoning, in order:

1. Each spell gets an extent: to its actual end; while none is recorded, to its planned end; an
   employment without one runs onwards.
2. The extent is clipped to what can count: from the later of the allocation and the project's start,
   to the earliest of the cut-off, the project's end and the day the citizen left the trial; nothing of
   somebody referred in error. Clipping comes before joining, so that days that
   cannot count can neither earn nor bridge anything.
3. Extents of counting kinds at the same company, or at one that took it over, are joined to runs
   (`grants.rules.runs`).
4. The start is earned on the first day that counts anywhere. The completion is earned on the first day
   on which a run at one company has `completion_days` days that count. A day in a hole counts only once the
   spell after the hole is there, so such a completion is settled on that spell's first day; of several
   companies the one settled first completes. Each once; never a completion without a start.

So what is earned up to a cut-off stays earned, unchanged, up to every later one.

Terms are dated. An event is judged, and paid, by the terms in force on its own day, so that a change
never alters what was earned before it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from operator import itemgetter
from typing import NamedTuple

from grants.rules.runs import joined_runs
from grants.rules.values import (
    CENT,
    EMPLOYMENT_KINDS,
    ClippedSpell,
    CountingWindow,
    Entitlement,
    EntitlementTerms,
    GrantEvent,
    GrantEventKind,
    Hole,
    LongestRun,
    Spell,
    SpellRun,
    UnusedReason,
    UnusedSpell,
)
from jobfirst.values.dates import DAY, DateSpan


def ceiling(terms: EntitlementTerms, target_count: int) -> Decimal:
    """The most a project can be paid over all its years (D29), in kroner, rounded down to the øre."""
    per_participant = terms.start_amount + terms.completion_amount
    return (terms.ceiling_share * per_participant * target_count).quantize(CENT, rounding=ROUND_DOWN)


def payable(earned_to_date: Decimal, ceiling: Decimal, approved_before: Decimal) -> Decimal:
    """What is left to pay (D29, D30); negative when earlier statements paid more than is now earned."""
    return min(earned_to_date, ceiling) - approved_before


def reckon(spells: Iterable[Spell], window: CountingWindow, terms: Sequence[EntitlementTerms]) -> Entitlement:
    """What one citizen has earned up to the window's cut-off, under dated terms.

    The order of the spells and of the terms makes no difference. Overlapping, unfinished and
    inconsistent spells are accepted; whatever earns nothing is returned with its reason.
    """
    inside: list[ClippedSpell] = []
    unused: list[UnusedSpell] = []
    countable = frozenset().union(*(row.counting_kinds for row in terms))
    for spell in sorted(spells, key=_order):
        extent = _clipped(spell, window) if spell.kind in countable else UnusedReason.KIND_DOES_NOT_COUNT
        if isinstance(extent, DateSpan):
            inside.append(ClippedSpell(spell, extent))
        else:
            unused.append(UnusedSpell(spell.id, extent))
    periods = list(_periods(terms, inside))
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
    unused += _unused_spells(inside, periods, events)
    return Entitlement(tuple(events), tuple(unused), longest)


@dataclass(frozen=True, slots=True)
class _Period:
    """A row of terms, the days it is in force, and the runs there are under it."""

    terms: EntitlementTerms
    span: DateSpan
    runs: list[SpellRun]


def _order(spell: Spell) -> tuple[date, str, str]:
    return (spell.starts_on, spell.company, str(spell.id))


def _clipped(spell: Spell, window: CountingWindow) -> DateSpan | UnusedReason:
    """The spell's days inside the window, or why there are none."""
    last = spell.ended_on or spell.planned_end_on
    if last is None:
        if spell.kind not in EMPLOYMENT_KINDS:
            return UnusedReason.NO_END_KNOWN
        last = date.max
    if last < spell.starts_on:
        return UnusedReason.ENDS_BEFORE_IT_STARTS
    if last < window.allocated_on:
        return UnusedReason.BEFORE_ALLOCATION
    if last < window.project.first:
        return UnusedReason.BEFORE_PROJECT
    first = max(spell.starts_on, window.span.first)
    if first > window.project.last_day:
        return UnusedReason.AFTER_PROJECT
    if first > window.cut_off:
        return UnusedReason.AFTER_CUT_OFF
    if window.void:
        return UnusedReason.REFERRED_IN_ERROR
    if first > window.span.last_day:
        return UnusedReason.LEFT_TRIAL
    return DateSpan(first, min(last, window.span.last_day))


def _periods(terms: Sequence[EntitlementTerms], inside: list[ClippedSpell]) -> Iterator[_Period]:
    """Each row of terms, in order, with the days it is in force and its runs."""
    rows = sorted(terms, key=lambda row: row.valid_from)
    for row, following in zip(rows, [*rows[1:], None], strict=True):
        span = DateSpan(row.valid_from, following.valid_from - DAY if following else date.max)
        yield _Period(row, span, joined_runs(inside, row))


class _FirstDay(NamedTuple):
    """The first day on which a spell counts, in the order in which the start is chosen."""

    day: date
    company: str
    id_text: str
    spell_id: int


def _start(periods: Iterable[_Period]) -> GrantEvent | None:
    """The start: the first day on which a spell of a kind that counts that day is running."""
    for period in periods:
        first_days = [
            _FirstDay(
                max(clipped.span.first, period.span.first),
                run.company_on(max(clipped.span.first, period.span.first)),
                str(clipped.spell.id),
                clipped.spell.id,
            )
            for run in period.runs
            for clipped in run.spells
            if clipped.span.overlaps(period.span)
        ]
        if first_days:
            first = min(first_days)
            amount = period.terms.amount(GrantEventKind.START)
            return GrantEvent(
                kind=GrantEventKind.START,
                on=first.day,
                amount=amount,
                terms_valid_from=period.terms.valid_from,
                company=first.company,
                spell_ids=(first.spell_id,),
                counted_from=first.day,
                counted_days=1,
            )
    return None


class _ReachedDay(NamedTuple):
    """The day on which a run has days enough, in the order in which the completion is chosen."""

    settled_on: date
    day: date
    company: str
    run: SpellRun
    terms: EntitlementTerms


def _completion(periods: Iterable[_Period], start: date) -> GrantEvent | None:
    """The completion: the first day, not before the start, on which a run has days enough (D28)."""
    reached_days = []
    for period in periods:
        for run in period.runs:
            day = run.day_reaching(period.terms.completion_days, max(period.span.first, start))
            if day and day in period.span:
                reached_days.append(
                    _ReachedDay(run.settled_on(day), day, run.company_on(day), run, period.terms)
                )
    return _completion_event(min(reached_days, key=itemgetter(0, 1, 2))) if reached_days else None


def _completion_event(reached: _ReachedDay) -> GrantEvent:
    """The completion on the day, with the spells, days and holes it rests on."""
    day, run, terms = reached.day, reached.run, reached.terms
    return GrantEvent(
        kind=GrantEventKind.COMPLETION,
        on=day,
        amount=terms.amount(GrantEventKind.COMPLETION),
        terms_valid_from=terms.valid_from,
        company=reached.company,
        spell_ids=run.needed_for(day),
        counted_from=run.span.first,
        counted_days=run.counted(day),
        holes=tuple(Hole(hole.span.until(day), hole.kind) for hole in run.holes if hole.span.first <= day),
        crossed=run.crossed(day),
    )


def _longest(periods: Iterable[_Period]) -> LongestRun | None:
    """The run with the most days that count, each judged by the terms on its last day (D28)."""
    candidates = [
        LongestRun(
            company=run.company_on(run.span.until(period.span.last_day).last_day),
            span=run.span.until(period.span.last_day),
            counted_days=run.counted(period.span.last_day),
            needed_days=period.terms.completion_days,
        )
        for period in periods
        for run in period.runs
        if run.span.overlaps(period.span)
    ]
    return max(candidates, key=lambda item: (item.counted_days, item.span.last_day), default=None)


def _unused_spells(
    inside: list[ClippedSpell], periods: list[_Period], events: list[GrantEvent]
) -> Iterator[UnusedSpell]:
    """Each spell inside the window that no event rests on, judged by the terms on its last day."""
    used = {spell_id for event in events for spell_id in event.spell_ids}
    completed = next((event.on for event in events if event.kind is GrantEventKind.COMPLETION), date.max)
    for clipped in inside:
        spell = clipped.spell
        if spell.id in used:
            continue
        begun = [period for period in periods if period.span.first <= clipped.span.last_day]
        if not begun:
            yield UnusedSpell(spell.id, UnusedReason.NO_TERMS)
            continue
        period = begun[-1]
        runs = [run for run in period.runs if any(other.spell.id == spell.id for other in run.spells)]
        if not runs:
            yield UnusedSpell(spell.id, UnusedReason.KIND_DOES_NOT_COUNT)
            continue
        run = max(runs, key=lambda item: item.counted(item.span.last_day))
        reason = UnusedReason.ALREADY_EARNED if completed <= run.span.last_day else UnusedReason.TOO_SHORT
        counted = run.counted(period.span.last_day)
        yield UnusedSpell(spell.id, reason, counted, period.terms.completion_days)
