"""The values of the report of the trial."""

import datetime
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.functional import Promise

from accounts.models import Municipality, Project
from evaluation.rules import balance


class ArmGoal(NamedTuple):
    """A number of citizens that an arm is to reach, how many are missing, and the day on which they are
    enrolled at this pace; None when they are already, or never."""

    wanted: int
    missing: int
    reached_on: datetime.date | None


@dataclass(frozen=True)
class ArmPace:
    """The enrolment of one arm of a project, against the project's target count, which holds for either arm,
    and against the minimum of the terms (D3)."""

    enrolled: int
    forecast: int
    target: ArmGoal
    minimum: ArmGoal


class Outlook(NamedTuple):
    """Whether both arms have reached a goal, and otherwise the day on which both will have at this pace; None
    when one never will."""

    is_reached: bool
    day: datetime.date | None


@dataclass(frozen=True)
class EnrolmentRow:
    """A project's enrolment on the day; `waiting` are the eligible citizens who are not drawn."""

    project: Project
    participants: ArmPace
    controls: ArmPace
    waiting: int
    last_day: datetime.date
    days_left: int

    @property
    def target(self) -> Outlook:
        """When both arms reach the project's target count."""
        return _outlook(self.participants.target, self.controls.target)

    @property
    def minimum(self) -> Outlook:
        """When both arms reach the minimum."""
        return _outlook(self.participants.minimum, self.controls.minimum)


@dataclass(frozen=True)
class MixRow:
    """Target group A's share, in percent, in both arms and in the municipality (D4); B's is the rest."""

    municipality: Municipality
    participants: int
    controls: int
    participant_share: float | None
    control_share: float | None
    own_share: float | None
    as_of: datetime.date | None

    @property
    def participant_difference(self) -> float | None:
        """Percentage points between the participants' share and the municipality's own."""
        return _difference(self.participant_share, self.own_share)

    @property
    def control_difference(self) -> float | None:
        """Percentage points between the controls' share and the municipality's own."""
        return _difference(self.control_share, self.own_share)


class LabelCount(NamedTuple):
    """A label and a count; None where it is withheld."""

    label: str | Promise
    number: int | None


@dataclass(frozen=True)
class ArmFlow:
    """One arm in the flow: numbers of citizens, and of events, deviations and ends by kind.

    `without_outcome` are those without paid hours of any month that was delivered after their draw; None
    while nothing has been delivered. The rest is analysed, in the arm that was drawn.
    """

    drawn: int = 0
    started: int | None = 0
    left: tuple[LabelCount, ...] | None = ()
    events: tuple[LabelCount, ...] = ()
    deviations: tuple[LabelCount, ...] = ()
    without_outcome: int | None = None
    is_outcome_withheld: bool = False

    @property
    def analysed(self) -> int | None:
        """How many are analysed as drawn; before there are outcomes, how many are to be. None: withheld."""
        return None if self.is_outcome_withheld else max(0, self.drawn - (self.without_outcome or 0))


@dataclass(frozen=True)
class ConsortFlow:
    """The flow of citizens from assessed to analysed (CONSORT).

    Assessed = refused + taken back + eligible. Eligible = waiting + lapsed + drawn: lapsed are those who were
    not drawn before the enrolment of their project closed. `outcomes_until` is the last month (its first day)
    with paid hours, None before there are any. `details_on` is the cut-off of published reasons. A number
    that is None is withheld; the agency's are rounded (`evaluation.trial.few_withheld`).
    """

    assessed: int | None
    refused: int | None
    reasons: tuple[LabelCount, ...]
    taken_back: int | None
    eligible: int
    waiting: int
    lapsed: int
    participants: ArmFlow
    controls: ArmFlow
    outcomes_until: datetime.date | None
    details_on: datetime.date | None = None

    @property
    def arms(self) -> tuple[tuple[str, ArmFlow], ...]:
        """Both arms with the codes of the ledger."""
        return (("participant", self.participants), ("control", self.controls))


@dataclass(frozen=True)
class BalanceRow:
    """One baseline value, with its unit."""

    label: Promise
    percent: bool
    difference: balance.ArmDifference


@dataclass(frozen=True)
class TrialReport:
    """The report of the whole trial or of one project."""

    on: datetime.date
    project: Project | None
    projects: list[EnrolmentRow]
    mix: list[MixRow]
    flow: ConsortFlow
    balance: list[BalanceRow]
    omnibus: float | None
    replicates: int
    guess: float
    guessed: int
    smallest_count: int = 0
    balance_on: datetime.date | None = None


def _outlook(*goals: ArmGoal) -> Outlook:
    open_goals = [goal for goal in goals if goal.missing]
    days = [goal.reached_on for goal in open_goals if goal.reached_on]
    return Outlook(not open_goals, max(days) if open_goals and len(days) == len(open_goals) else None)


def _difference(share: float | None, other: float | None) -> float | None:
    return None if share is None or other is None else share - other
