"""The statement as plain values: citizens, events, adjustments, spells, and the sums over them (D30).

Nothing here queries the database. `grants.reckoning.compute` reckons a `StatementView`, which is a draft;
`grants.storage.snapshots` reads a draft back as it was shown, and `grants.storage.submitted` reads a
`SubmittedStatement`.
"""

import datetime
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from accounts.models import Project
from grants.models import GrantTerms, LineEntry, Statement
from grants.reckoning.figures import Amount, StatementFigure
from grants.rules.doubts import Doubt
from grants.rules.entitlement import payable
from grants.rules.values import GrantEvent, GrantEventKind, LongestRun, Spell, UnusedReason, UnusedSpell

ZERO = Decimal("0.00")
#: Spells with these reasons never earn, whenever they end.
NEVER_COUNTING = frozenset({UnusedReason.WITHDRAWN, UnusedReason.KIND_DOES_NOT_COUNT})


@dataclass(frozen=True, slots=True)
class StatementCitizen:
    """A citizen with her course, identified by pseudonym only."""

    course_id: int
    course_public_id: uuid.UUID
    public_id: uuid.UUID
    pseudonym: str


class HasCitizen:
    """Mixin of rows about one citizen: shortcuts to her pseudonym and her course."""

    __slots__ = ()
    citizen: StatementCitizen

    @property
    def pseudonym(self) -> str:
        """The citizen's pseudonym."""
        return self.citizen.pseudonym

    @property
    def course_public_id(self) -> uuid.UUID:
        """The public id of the citizen's course, which addresses an explanation."""
        return self.citizen.course_public_id


@dataclass(frozen=True, slots=True)
class EventLine(HasCitizen):
    """One earned event of one citizen, compared with the latest approved statement by `entry`."""

    citizen: StatementCitizen
    event: GrantEvent
    entry: LineEntry = LineEntry.NEW


@dataclass(frozen=True, slots=True)
class Adjustment(HasCitizen):
    """The correction of a line of the latest approved statement, in kroner.

    `was_on` and `was` are the event as approved; `on` and `now` as it is reckoned today: None and zero when
    it is no longer earned.
    """

    citizen: StatementCitizen
    kind: GrantEventKind
    line_id: int
    approved_cut_off: datetime.date
    was_on: datetime.date
    was: Decimal
    on: datetime.date | None
    now: Decimal

    @property
    def amount(self) -> Decimal:
        """The difference in kroner; negative when the correction takes back."""
        return self.now - self.was


@dataclass(frozen=True, slots=True)
class CitizenSpells:
    """All the spells of one citizen, and the reasons why some of them earned nothing."""

    citizen: StatementCitizen
    spells: tuple[Spell, ...]
    unused: tuple[UnusedSpell, ...]
    #: The next three are known while a draft is reckoned, and not stored.
    course_ended_on: datetime.date | None = field(default=None, compare=False)
    #: The run nearest to a completion that is missing.
    longest: LongestRun | None = field(default=None, compare=False)
    #: The day on which the citizen left the trial.
    left_on: datetime.date | None = field(default=None, compare=False)

    @property
    def runs_on(self) -> bool:
        """Whether the course has ended while a spell that counts still runs without a last day."""
        course_ended_on = self.course_ended_on
        never_counting = {item.spell_id for item in self.unused if item.reason in NEVER_COUNTING}
        return course_ended_on is not None and any(
            spell.ended_on is None
            and (spell.planned_end_on is None or spell.planned_end_on >= course_ended_on)
            and spell.id not in never_counting
            for spell in self.spells
        )


class AnswerGiven(NamedTuple):
    """What the municipality answered to a doubt: the text, the name, the moment."""

    text: str
    name: str
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class AnsweredDoubt(HasCitizen):
    """A doubt about the placement of a citizen, and the answer; None while there is none (D58).

    `company` is the CVR number.
    """

    citizen: StatementCitizen
    doubt: Doubt
    company: str
    answer: AnswerGiven | None = None

    @property
    def key(self) -> str:
        """What addresses the doubt: the same as long as its facts are the same."""
        doubt = self.doubt
        text = f"{doubt.placement_id} {doubt.about.kind.value} {doubt.facts}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class LatestApproved:
    """A project's latest approved statement, and kroner that all approved statements up to it pay."""

    paid: Decimal
    statement_id: int
    cut_off: datetime.date
    earned: Decimal


@dataclass(frozen=True)
class ProjectStatement:
    """One project's part of a statement; money in kroner."""

    project: Project
    ceiling: Decimal
    paid_before: Decimal
    lines: tuple[EventLine, ...]
    #: Approved by earlier statements, and no payment registered yet.
    approved_unpaid: Decimal = ZERO
    adjustments: tuple[Adjustment, ...] = ()
    latest_approved: LatestApproved | None = None
    spells_by_citizen: tuple[CitizenSpells, ...] = ()
    target: int | None = None
    #: The cut-off of a later statement that is approved already: then this is a look back.
    approved_until: datetime.date | None = None
    #: The companies' names by CVR number when the statement was reckoned. Not shown to the agency.
    companies: Mapping[str, str] = field(default_factory=dict)
    #: What is doubtful about new and changed events (`grants.reckoning.doubts`).
    doubts: tuple[AnsweredDoubt, ...] = ()

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
        """The sum of all events, whatever the ceiling."""
        return sum((line.event.amount for line in self.lines), ZERO)

    @property
    def earned_before(self) -> Decimal:
        """Earned to date in the latest approved statement; zero without one."""
        return self.latest_approved.earned if self.latest_approved else ZERO

    @cached_property
    def new(self) -> Decimal:
        """The sum of the events that are in no approved statement."""
        return sum((line.event.amount for line in self.lines if line.entry is LineEntry.NEW), ZERO)

    @cached_property
    def adjusted(self) -> Decimal:
        """The sum of the adjustments. `earned_before` + `new` + `adjusted` = `earned_to_date`."""
        return sum((item.amount for item in self.adjustments), ZERO)

    @property
    def unanswered(self) -> tuple[AnsweredDoubt, ...]:
        """The doubts without an answer."""
        return tuple(doubt for doubt in self.doubts if doubt.answer is None)

    @property
    def approved_before(self) -> Decimal:
        """What earlier statements pay, registered as paid or not: it is never paid a second time."""
        return self.paid_before + self.approved_unpaid

    @property
    def payable(self) -> Decimal:
        """What is left to pay within the ceiling; negative when more was approved than is now earned."""
        return payable(self.earned_to_date, self.ceiling, self.approved_before)


@dataclass(frozen=True)
class StatementView:
    """What is reckoned and shown of a year's statement, for one or several projects."""

    year: int
    cut_off: datetime.date
    terms: GrantTerms
    projects: tuple[ProjectStatement, ...]

    @property
    def approved_after(self) -> datetime.date | None:
        """The latest approved cut-off after this one; then this is a look back, and nothing is payable."""
        later_cut_offs = [item.approved_until for item in self.projects if item.approved_until]
        return max(later_cut_offs, default=None)

    def total(self, figure: StatementFigure) -> Amount:
        """Return the sum of a figure over the projects."""
        return sum((figure.of(statement) for statement in self.projects), figure.zero)

    def of_course(self, public_id: uuid.UUID) -> "StatementView":
        """Return the same statement with the events, adjustments and spells of one course only."""
        return replace(self, projects=tuple(_of_course(item, public_id) for item in self.projects))

    def citizens(self, *, spells: bool = True) -> list[uuid.UUID]:
        """Return the public ids of all citizens shown, for the access record.

        Without `spells`: of those with an event or an adjustment.
        """
        rows: list[EventLine | Adjustment | CitizenSpells] = []
        for item in self.projects:
            rows += [*item.lines, *item.adjustments, *(item.spells_by_citizen if spells else ())]
        return list({row.citizen.public_id: None for row in rows})


@dataclass(frozen=True)
class SubmittedStatement(StatementView):
    """A statement read back as it was submitted, with the row that says how far it has come."""

    record: Statement


def _of_course(statement: ProjectStatement, public_id: uuid.UUID) -> ProjectStatement:
    return replace(
        statement,
        lines=tuple(row for row in statement.lines if row.course_public_id == public_id),
        adjustments=tuple(row for row in statement.adjustments if row.course_public_id == public_id),
        spells_by_citizen=tuple(
            row for row in statement.spells_by_citizen if row.citizen.course_public_id == public_id
        ),
        doubts=tuple(row for row in statement.doubts if row.course_public_id == public_id),
    )
