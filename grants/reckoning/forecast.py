"""The forecast of a project: a reckoning of today compared with reckonings of later days (D28, D29).

A running spell counts to its planned end, as in every statement, so a later reckoning is what the project
earns if no spell breaks off.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from grants.reckoning.statement import ZERO, EventLine, ProjectStatement
from grants.rules.values import GrantEventKind
from jobfirst.values.dates import WEEK

#: Completions expected within this time are listed by name.
NEAR = 4 * WEEK


@dataclass(frozen=True, slots=True)
class ExpectedCompletion:
    """A completion expected in `days_left` days.

    `at_stake` is kroner lost if the course breaks off: zero when other courses fill the ceiling.
    """

    line: EventLine
    days_left: int
    at_stake: Decimal


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a project has earned and can expect, in kroner.

    `at_stake` is the loss if all of the `near` completions fail; `broken_course` the largest loss by one
    course that breaks off, None when no completion is expected.
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
        """What running spells earn until the later day."""
        return self.expected - self.earned

    @property
    def ceiling_left(self) -> Decimal:
        """The room left in the ceiling; never negative."""
        return max(self.ceiling - self.earned, ZERO)

    @property
    def beyond_ceiling(self) -> Decimal:
        """What is expected beyond the ceiling, and so not paid."""
        return max(self.expected - self.ceiling, ZERO)


def forecast(
    now: ProjectStatement, later: ProjectStatement, today: datetime.date, near_by: ProjectStatement
) -> Forecast:
    """Return the forecast from the reckonings of today, of a later day, and of `today + NEAR` (`near_by`).

    Losses are reckoned on the day of the two on which more is earned.
    """
    furthest = max(later, near_by, key=lambda item: item.earned_to_date)

    def loss_of(amount: Decimal) -> Decimal:
        """Return how much less the project is paid when it earns `amount` less."""
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
