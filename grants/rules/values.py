"""What the activity grant is reckoned from, and what it comes to (D26–D29): terms, spells, days, events.

Plain values without a database or a clock. `grants.rules.entitlement` does the reckoning.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

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
