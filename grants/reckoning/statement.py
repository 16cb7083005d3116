"""What a statement is made of: citizens, events, adjustments, spells, and the sums over them (D30).

Plain values without a query of their own: `grants.reckoning.compute` reckons them,
`grants.storage.submitted` reads them back.
"""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from accounts.models import Project
from grants.models import GrantTerms, LineEntry, Statement
from grants.reckoning.figures import Amount, Figure
from grants.rules.entitlement import payable
from grants.rules.values import EarnedEvent, GrantEventKind, LongestRun, Spell, UnusedReason, UnusedSpell

ZERO = Decimal("0.00")
NO_MATTER = frozenset({UnusedReason.WITHDRAWN, UnusedReason.KIND_DOES_NOT_COUNT})


@dataclass(frozen=True, slots=True)
class Citizen:
    """A citizen of the statement, known here by pseudonym only, with her course."""

    course_id: int
    course_public_id: uuid.UUID
    public_id: uuid.UUID
    pseudonym: str


class OfCitizen:
    """What concerns one citizen, whose `who` it has."""

    __slots__ = ()
    who: Citizen

    @property
    def citizen(self) -> str:
        """The pseudonym."""
        return self.who.pseudonym

    @property
    def course_public_id(self) -> uuid.UUID:
        """The course that an explanation is asked for by."""
        return self.who.course_public_id


@dataclass(frozen=True, slots=True)
class Line(OfCitizen):
    """One event of one citizen, and how it stands to the last approved statement."""

    who: Citizen
    event: EarnedEvent
    entry: LineEntry = LineEntry.NEW


@dataclass(frozen=True, slots=True)
class Adjustment(OfCitizen):
    """A line of the last approved statement that no longer holds. `amount` is the difference, in kroner.

    `on` and `now` are the event as it is reckoned today; None when it is no longer earned.
    """

    who: Citizen
    kind: GrantEventKind
    line_id: int
    approved_cut_off: datetime.date
    was_on: datetime.date
    was: Decimal
    on: datetime.date | None
    now: Decimal

    @property
    def amount(self) -> Decimal:
        """What the correction gives, or takes back."""
        return self.now - self.was


@dataclass(frozen=True, slots=True)
class Account:
    """All the spells of one citizen, and why some of them gave nothing."""

    who: Citizen
    spells: tuple[Spell, ...]
    unused: tuple[UnusedSpell, ...]
    #: Known while the draft is reckoned, and not kept.
    course_ended_on: datetime.date | None = field(default=None, compare=False)
    #: The same: the run nearest to a completion that is missing, and the day the citizen left the trial.
    longest: LongestRun | None = field(default=None, compare=False)
    left_on: datetime.date | None = field(default=None, compare=False)

    @property
    def runs_on(self) -> bool:
        """Whether the course has ended while a spell that counts still runs without a last day."""
        ended = self.course_ended_on
        no_matter = {item.spell_id for item in self.unused if item.reason in NO_MATTER}
        return ended is not None and any(
            spell.ended_on is None
            and (spell.planned_end_on is None or spell.planned_end_on >= ended)
            and spell.id not in no_matter
            for spell in self.spells
        )


@dataclass(frozen=True, slots=True)
class Approved:
    """What the approved statements of a project say: paid in all, and the latest one's figures."""

    paid: Decimal
    statement_id: int
    cut_off: datetime.date
    earned: Decimal


@dataclass(frozen=True)
class ProjectStatement:
    """One project's part of the draft; money in kroner."""

    project: Project
    ceiling: Decimal
    paid_before: Decimal
    lines: tuple[Line, ...]
    adjustments: tuple[Adjustment, ...] = ()
    before: Approved | None = None
    accounts: tuple[Account, ...] = ()
    target: int | None = None
    #: The cut-off of a later statement that is approved already: then this is a look back.
    approved_until: datetime.date | None = None
    #: The names of the companies in `accounts` by CVR number, as they were then. Not for the agency.
    companies: Mapping[str, str] = field(default_factory=dict)

    @property
    def target_count(self) -> int:
        """How many participants the project aims at; in a stored statement, aimed at then."""
        return self.project.target_count if self.target is None else self.target

    @cached_property
    def starts(self) -> int:
        """Starts earned up to the cut-off."""
        return sum(line.event.kind is GrantEventKind.START for line in self.lines)

    @cached_property
    def completions(self) -> int:
        """Completions earned up to the cut-off."""
        return sum(line.event.kind is GrantEventKind.COMPLETION for line in self.lines)

    @cached_property
    def earned_to_date(self) -> Decimal:
        """The sum of all lines, whatever the ceiling."""
        return sum((line.event.amount for line in self.lines), ZERO)

    @property
    def earned_before(self) -> Decimal:
        """What the latest approved statement said was earned; zero when there is none."""
        return self.before.earned if self.before else ZERO

    @cached_property
    def new(self) -> Decimal:
        """The sum of the events that no approved statement has."""
        return sum((line.event.amount for line in self.lines if line.entry is LineEntry.NEW), ZERO)

    @cached_property
    def adjusted(self) -> Decimal:
        """The sum of the adjustments: with `earned_before` and `new` it gives what is earned to date."""
        return sum((item.amount for item in self.adjustments), ZERO)

    @property
    def payable(self) -> Decimal:
        """What is left to pay within the ceiling; negative when too much was paid before."""
        return payable(self.earned_to_date, self.ceiling, self.paid_before)


@dataclass(frozen=True)
class Draft:
    """The statement of a year as it would be presented today; or, with `stored`, as it was submitted."""

    year: int
    cut_off: datetime.date
    terms: GrantTerms
    projects: tuple[ProjectStatement, ...]
    stored: Statement | None = None

    @property
    def look_back(self) -> datetime.date | None:
        """The latest cut-off that is approved already, if it lies after this draft's: nothing is payable from
        a look back."""
        later = [item.approved_until for item in self.projects if item.approved_until]
        return max(later, default=None)

    def total(self, figure: Figure) -> Amount:
        """Return the sum of a figure over the projects."""
        return sum((figure.of(statement) for statement in self.projects), figure.zero)

    def of_course(self, public_id: uuid.UUID) -> "Draft":
        """The same draft with the events, adjustments and spells of one course only."""
        return replace(
            self,
            projects=tuple(
                replace(
                    item,
                    lines=tuple(row for row in item.lines if row.course_public_id == public_id),
                    adjustments=tuple(row for row in item.adjustments if row.course_public_id == public_id),
                    accounts=tuple(row for row in item.accounts if row.who.course_public_id == public_id),
                )
                for item in self.projects
            ),
        )

    def citizens(self, *, spells: bool = True) -> list[uuid.UUID]:
        """Public ids of everybody the draft shows, for the access record; without `spells`, of those with an
        event or adjustment."""
        shown: list[Line | Adjustment | Account] = []
        for item in self.projects:
            shown += [*item.lines, *item.adjustments, *(item.accounts if spells else ())]
        return list({row.who.public_id: None for row in shown})
