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
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum

from jobfirst.calendar import has_working_day

DAY = timedelta(days=1)
CENT = Decimal("0.01")

#: Kinds that may run without a planned end (D28: "an employment without one: onwards").
EMPLOYMENT_KINDS = frozenset({"ordinary_employment", "flex_job"})


class EventKind(StrEnum):
    """The two parts of the activity grant (D26)."""

    START = "start"
    COMPLETION = "completion"


class HoleKind(StrEnum):
    """Why a hole between two spells did not break the run (D28)."""

    NON_WORKING = "non_working"
    TOLERATED = "tolerated"


class Reason(StrEnum):
    """Why a spell earned nothing."""

    KIND_DOES_NOT_COUNT = "kind_does_not_count"
    NO_END_KNOWN = "no_end_known"
    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    BEFORE_ALLOCATION = "before_allocation"
    BEFORE_PROJECT = "before_project"
    AFTER_PROJECT = "after_project"
    AFTER_CUT_OFF = "after_cut_off"
    NO_TERMS = "no_terms"
    TOO_SHORT = "too_short"
    ALREADY_EARNED = "already_earned"
    REFERRED_IN_ERROR = "referred_in_error"
    LEFT_TRIAL = "left_trial"
    WITHDRAWN = "withdrawn"  # entered in error: never reckoned at all


@dataclass(frozen=True, slots=True)
class Terms:
    """One dated row of the scheme, in force from `valid_from` until the next row. Amounts in kroner."""

    valid_from: date
    start_amount: Decimal
    completion_amount: Decimal
    counting_kinds: frozenset[str]
    completion_days: int = 91
    tolerance_days: int = 0
    bridge_non_working_days: bool = True
    ceiling_share: Decimal = Decimal("0.90")

    def amount(self, kind: EventKind) -> Decimal:
        """What one event of this kind pays."""
        return self.start_amount if kind is EventKind.START else self.completion_amount


@dataclass(frozen=True, slots=True)
class Spell:
    """One placement as recorded; `company` is the CVR number, `ended_on` the last day present."""

    id: object
    company: str
    kind: str
    starts_on: date
    planned_end_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What bounds one citizen's entitlement: allocation, project period and cut-off (D27, D28).

    `ends_on` is the day on which the citizen left the trial, the last that can count; `void` says that she
    was referred in error, so that none can.
    """

    allocated_on: date
    project_starts_on: date
    project_ends_on: date
    cut_off: date
    ends_on: date | None = None
    void: bool = False

    @property
    def first(self) -> date:
        """The first day that can count."""
        return max(self.allocated_on, self.project_starts_on)

    @property
    def last(self) -> date:
        """The last day that can count."""
        if self.void:
            return date.min
        return min(self.cut_off, self.project_ends_on, self.ends_on or date.max)


@dataclass(frozen=True, slots=True)
class Days:
    """An unbroken stretch of calendar days, both ends included."""

    first: date
    last: date

    def __len__(self) -> int:
        return max(0, (self.last - self.first).days + 1)

    def until(self, day: date) -> "Days":
        """The part of the stretch up to and including the day; empty (length 0) when it begins later."""
        return Days(self.first, min(self.last, day))


@dataclass(frozen=True, slots=True)
class Hole:
    """Days between two spells at the same company that did not break the run, and why."""

    days: Days
    kind: HoleKind

    def covers(self, day: date) -> bool:
        """Whether the day lies in the hole."""
        return self.days.first <= day <= self.days.last


@dataclass(slots=True)
class Run:
    """Joined spells at one company. `stretches` hold the days that count, tolerated holes between them."""

    company: str
    stretches: list[Days]
    spells: list[tuple[Spell, Days]]
    holes: list[Hole] = field(default_factory=list)

    @property
    def last(self) -> date:
        """The last day of the run."""
        return self.stretches[-1].last

    def counted(self, until: date) -> int:
        """How many days count up to and including the given one."""
        return sum(len(stretch.until(until)) for stretch in self.stretches)

    def needed_for(self, day: date) -> tuple[object, ...]:
        """The spells that carry the run to the day: also the one after a hole the day lies in."""
        until = next((hole.days.last + DAY for hole in self.holes if hole.covers(day)), day)
        return tuple(spell.id for spell, extent in self.spells if extent.first <= until)

    def day_reaching(self, count: int, not_before: date) -> date | None:
        """The first day that counts, from `not_before` on, with at least `count` counted days; or None."""
        before = 0
        for stretch in self.stretches:
            reached = stretch.first + timedelta(days=max(0, count - before - 1))
            day = max(reached, not_before)
            if day <= stretch.last:
                return day
            before += len(stretch)
        return None


@dataclass(frozen=True, slots=True)
class Event:
    """One part of the grant earned by one citizen, with what it rests on."""

    kind: EventKind
    on: date
    amount: Decimal
    terms_valid_from: date
    company: str
    spell_ids: tuple[object, ...]
    counted_from: date
    counted_days: int
    holes: tuple[Hole, ...] = ()

    @property
    def bridged_days(self) -> int:
        """Non-working days between spells that count among `counted_days`."""
        return sum(len(hole.days) for hole in self.holes if hole.kind is HoleKind.NON_WORKING)


@dataclass(frozen=True, slots=True)
class Unused:
    """A spell that earned nothing, and why; for `TOO_SHORT` the days its run has and the days it needs."""

    spell_id: object
    reason: Reason
    counted_days: int = 0
    needed_days: int = 0


@dataclass(frozen=True, slots=True)
class Longest:
    """The run that came nearest to the completion: the days it reaches over, those of them that count, and
    the days the terms ask for."""

    company: str
    days: Days
    counted_days: int
    needed_days: int


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Everything one citizen has earned up to the cut-off, and the spells that gave nothing.

    `longest` is known where there is a start and no completion.
    """

    events: tuple[Event, ...]
    unused: tuple[Unused, ...]
    longest: Longest | None = None

    @property
    def total(self) -> Decimal:
        """The sum of the events, in kroner."""
        return sum((event.amount for event in self.events), Decimal("0.00"))


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
