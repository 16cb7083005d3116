"""What a project can expect: two reckonings, of today and of a later day, held against each other (D28, D29).

Nothing is guessed: a spell that is still running counts to its planned end, as in every statement, so the
later reckoning is what the project earns if nothing breaks off.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from grants.reckoning.statement import ZERO, EventLine, ProjectStatement
from grants.rules.values import GrantEventKind
from jobfirst.dates import WEEK

#: A completion this near is named: the weeks in which support decides whether a course holds.
NEAR = 4 * WEEK


@dataclass(frozen=True, slots=True)
class ExpectedCompletion:
    """A completion that is expected: whose, when, in how many days, and what is lost if the course breaks.

    `at_stake` is kroner within the ceiling: nothing once the other courses fill it.
    """

    line: EventLine
    days_left: int
    at_stake: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """A project's money as it stands and as it is expected, in kroner.

    `at_stake` is what is lost if every completion close at hand fails; `broken_course` what one more course
    that fails costs, None when no completion is expected.
    """

    earned: Decimal
    expected: Decimal
    ceiling: Decimal
    near: tuple[ExpectedCompletion, ...]
    starts_ahead: int
    completions_ahead: int
    at_stake: Decimal
    broken_course: Decimal | None

    @property
    def more(self) -> Decimal:
        """What running spells still bring until the later day."""
        return self.expected - self.earned

    @property
    def ceiling_left(self) -> Decimal:
        """What the ceiling still has room for beyond what is earned; never negative."""
        return max(self.ceiling - self.earned, ZERO)

    @property
    def beyond_ceiling(self) -> Decimal:
        """How much of what is expected the ceiling has no room for."""
        return max(self.expected - self.ceiling, ZERO)


def forecast(
    now: ProjectStatement, later: ProjectStatement, today: datetime.date, near_by: ProjectStatement
) -> Forecast:
    """Hold the reckoning of today against that of a later day. `near_by` is that of `today + NEAR`.

    What a course that breaks off costs is judged by the later of the two days.
    """
    furthest = max(later, near_by, key=lambda item: item.earned_to_date)

    def loss_of(amount: Decimal) -> Decimal:
        """Return what the project is paid less when it earns `amount` less."""
        paid = min(furthest.earned_to_date, furthest.ceiling)
        return paid - min(furthest.earned_to_date - amount, furthest.ceiling)

    earned_events = {(line.citizen, line.event.kind) for line in now.lines}
    lines_ahead = [line for line in later.lines if (line.citizen, line.event.kind) not in earned_events]
    completions = [line for line in lines_ahead if line.event.kind is GrantEventKind.COMPLETION]
    near = [
        line
        for line in near_by.lines
        if line.event.kind is GrantEventKind.COMPLETION and line.event.on > today
    ]
    costs = [loss_of(line.event.amount) for line in [*completions, *near]]
    expected_completions = [
        ExpectedCompletion(line, (line.event.on - today).days, loss_of(line.event.amount)) for line in near
    ]
    return Forecast(
        earned=now.earned_to_date,
        expected=later.earned_to_date,
        ceiling=later.ceiling,
        near=tuple(sorted(expected_completions, key=lambda item: (item.days_left, item.line.pseudonym))),
        starts_ahead=sum(line.event.kind is GrantEventKind.START for line in lines_ahead),
        completions_ahead=len(completions),
        at_stake=loss_of(sum((line.event.amount for line in near), ZERO)),
        broken_course=max(costs, default=None),
    )
