"""Values of the activity grant's rules (D26–D29): terms, spells, windows, runs and events.

Plain values without a database or a clock, for `grants.rules.entitlement`.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from companies.rules.succession import CompanyLine, TakeOver
from jobfirst.values.dates import DAY, DateSpan

CENT = Decimal("0.01")

#: Kinds that may run without a planned end (D28: "an employment without one: onwards").
EMPLOYMENT_KINDS = frozenset({"ordinary_employment", "flex_job"})


class GrantEventKind(StrEnum):
    """The two parts of the activity grant (D26)."""

    START = "start"
    COMPLETION = "completion"


class HoleKind(StrEnum):
    """Why a hole between two spells did not break the run (D28)."""

    NON_WORKING = "non_working"
    TOLERATED = "tolerated"


class UnusedReason(StrEnum):
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
class EntitlementTerms:
    """One dated row of the grant's terms, in force from `valid_from` until the next row; kroner."""

    valid_from: date
    start_amount: Decimal
    completion_amount: Decimal
    counting_kinds: frozenset[str]
    completion_days: int = 91
    tolerance_days: int = 0
    bridge_non_working_days: bool = True
    ceiling_share: Decimal = Decimal("0.90")

    def amount(self, kind: GrantEventKind) -> Decimal:
        """Return what one event of this kind pays."""
        return self.start_amount if kind is GrantEventKind.START else self.completion_amount


@dataclass(frozen=True, slots=True)
class Spell:
    """One placement as recorded; `company` is the CVR number, `ended_on` the last day present.

    `workplace` is the P-number, empty when unknown. `take_overs` are those of the company and of whoever took
    it over, in order of days.
    """

    id: int
    company: str
    kind: str
    starts_on: date
    planned_end_on: date | None = None
    ended_on: date | None = None
    workplace: str = ""
    take_overs: tuple[TakeOver, ...] = ()

    @property
    def line(self) -> CompanyLine:
        """The company with those that took it over."""
        return CompanyLine(self.company, self.take_overs)


@dataclass(frozen=True, slots=True)
class CountingWindow:
    """What bounds one citizen's entitlement: allocation, project period and cut-off (D27, D28).

    `ends_on` is the day on which the citizen left the trial, the last that can count; `void` says that she
    was referred in error, so that none can.
    """

    allocated_on: date
    project: DateSpan
    cut_off: date
    ends_on: date | None = None
    void: bool = False

    @property
    def span(self) -> DateSpan:
        """The days that can count; none when the citizen was referred in error."""
        first = max(self.allocated_on, self.project.first)
        if self.void:
            return DateSpan(first, date.min)
        return DateSpan(first, min(self.cut_off, self.project.last_day, self.ends_on or date.max))


@dataclass(frozen=True, slots=True)
class Hole:
    """Days between two spells at the same company that did not break the run, and why."""

    span: DateSpan
    kind: HoleKind


@dataclass(frozen=True, slots=True)
class ClippedSpell:
    """A spell with those of its days that can count."""

    spell: Spell
    span: DateSpan


@dataclass(frozen=True, slots=True)
class CrossedTakeOver:
    """A take-over within a run: until the day before `on` it was at one company, from then at the other."""

    on: date
    predecessor: str
    successor: str


@dataclass(slots=True)
class SpellRun:
    """Joined spells at one company, or at companies of which each took over the one before.

    `stretches` hold the days that count, tolerated holes between them.
    """

    line: CompanyLine
    stretches: list[DateSpan]
    spells: list[ClippedSpell]
    holes: list[Hole] = field(default_factory=list)

    @property
    def span(self) -> DateSpan:
        """The days from the first to the last, holes included."""
        return DateSpan(self.stretches[0].first, self.stretches[-1].last_day)

    def company_on(self, day: date) -> str:
        """The company (CVR number) on the day."""
        return self.line.company_on(day)

    def crossed(self, until: date) -> tuple[CrossedTakeOver, ...]:
        """The take-overs within the run up to and including the day, in order."""
        return tuple(
            CrossedTakeOver(item.on, self.line.company_on(item.on - DAY), item.successor)
            for item in self.line.take_overs
            if self.span.first < item.on <= min(until, self.span.last_day)
        )

    def counted(self, until: date) -> int:
        """How many days count up to and including the given one."""
        return sum(stretch.until(until).days for stretch in self.stretches)

    def needed_for(self, day: date) -> tuple[int, ...]:
        """Ids of the spells that carry the run to the day: also the one after a hole the day lies in."""
        until = self.settled_on(day)
        return tuple(clipped.spell.id for clipped in self.spells if clipped.span.first <= until)

    def settled_on(self, day: date) -> date:
        """The day on which it is settled that `day` counts: itself, or the first day after its hole."""
        return next((hole.span.last_day + DAY for hole in self.holes if day in hole.span), day)

    def day_reaching(self, count: int, not_before: date) -> date | None:
        """The first day that counts, from `not_before` on, with at least `count` counted days; or None."""
        before = 0
        for stretch in self.stretches:
            reached = stretch.first + max(0, count - before - 1) * DAY
            day = max(reached, not_before)
            if day <= stretch.last_day:
                return day
            before += stretch.days
        return None


@dataclass(frozen=True, slots=True)
class GrantEvent:
    """One part of the grant earned by one citizen, with what it rests on.

    `company` is the CVR number on the day of the event; `crossed` are the take-overs before it.
    """

    kind: GrantEventKind
    on: date
    amount: Decimal
    terms_valid_from: date
    company: str
    spell_ids: tuple[int, ...]
    counted_from: date
    counted_days: int
    holes: tuple[Hole, ...] = ()
    crossed: tuple[CrossedTakeOver, ...] = ()

    @property
    def bridged_days(self) -> int:
        """Non-working days between spells that count among `counted_days`."""
        return sum(hole.span.days for hole in self.holes if hole.kind is HoleKind.NON_WORKING)


@dataclass(frozen=True, slots=True)
class UnusedSpell:
    """A spell that earned nothing, and why; for `TOO_SHORT` the days its run has and the days it needs."""

    spell_id: int
    reason: UnusedReason
    counted_days: int = 0
    needed_days: int = 0


@dataclass(frozen=True, slots=True)
class LongestRun:
    """The run that came nearest to the completion: the days it reaches over, those of them that count, and
    the days the terms ask for."""

    company: str
    span: DateSpan
    counted_days: int
    needed_days: int


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Everything one citizen has earned up to the cut-off, and the spells that earned nothing.

    `longest` is known where there is a start and no completion.
    """

    events: tuple[GrantEvent, ...]
    unused: tuple[UnusedSpell, ...]
    longest: LongestRun | None = None

    @property
    def total(self) -> Decimal:
        """The sum of the events, in kroner."""
        return sum((event.amount for event in self.events), Decimal("0.00"))
