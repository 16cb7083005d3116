"""What a project can expect: two reckonings, of today and of a later day, held against each other (D28, D29).

Nothing is guessed: a spell that is still running counts to its planned end, as in every statement, so the
later reckoning is what the project earns if nothing breaks off.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from grants.draft import ZERO, Line, ProjectStatement
from grants.entitlement import EventKind

#: A completion this near is named: the weeks in which support decides whether a course holds.
NEAR = datetime.timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A completion that is expected: whose, when, in how many days, and what is lost if the course breaks."""

    line: Line
    days_left: int

    @property
    def at_stake(self) -> Decimal:
        """What is not earned if the course breaks off before the day, in kroner."""
        return self.line.event.amount


@dataclass(frozen=True, slots=True)
class Forecast:
    """A project's money as it stands and as it is expected, in kroner."""

    earned: Decimal
    expected: Decimal
    ceiling: Decimal
    near: tuple[Ahead, ...]
    starts_ahead: int
    completions_ahead: int
    completion_amount: Decimal

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

    @property
    def at_stake(self) -> Decimal:
        """What all the completions close at hand are worth together."""
        return sum((item.at_stake for item in self.near), ZERO)

    @property
    def broken_course(self) -> Decimal:
        """What one broken course costs within the ceiling: nothing once enough others fill it."""
        return min(self.completion_amount, max(self.completion_amount - self.beyond_ceiling, ZERO))


def forecast(
    now: ProjectStatement,
    later: ProjectStatement,
    today: datetime.date,
    near_by: ProjectStatement,
    completion_amount: Decimal,
) -> Forecast:
    """Hold the reckoning of today against that of a later day. `near_by` is that of `today + NEAR`."""
    have = {(line.who, line.event.kind) for line in now.lines}
    ahead = [line for line in later.lines if (line.who, line.event.kind) not in have]
    near = [
        Ahead(line, (line.event.on - today).days)
        for line in near_by.lines
        if line.event.kind is EventKind.COMPLETION and line.event.on > today
    ]
    return Forecast(
        earned=now.earned_to_date,
        expected=later.earned_to_date,
        ceiling=later.ceiling,
        near=tuple(sorted(near, key=lambda item: (item.days_left, item.line.citizen))),
        starts_ahead=sum(line.event.kind is EventKind.START for line in ahead),
        completions_ahead=sum(line.event.kind is EventKind.COMPLETION for line in ahead),
        completion_amount=completion_amount,
    )
