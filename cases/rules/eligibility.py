"""Who may be referred to the trial (D1, D3, D5): every reason that speaks against it, at once.

Two target groups. **A** `resource_programme`: aged 30 or more on the day of referral and on
resource-programme benefit; nothing else is asked of it, since being in the programme already says what
group B is screened for. **B** `activity_ready`: aged 30 or more, activity-ready, on cash or integration
benefit, at least a year on public support, and not in the integration programme. A reason that only belongs
to B is therefore never held against A.

Whole years. An age or a length of support is reached on the anniversary, at the start of that day: the 30th
birthday itself counts as "aged 30". For 29 February the sources and the Danish acts on age are silent on the
years without that day; the year is full only when the last of its days, 28 February, has passed, so it is
reached on 1 March. (A 30th birthday of somebody born on 29 February always falls in such a year.)

Exactly a year. The announcement says both "at least a year" and "more than a year" of public support; the
wider reading is taken, and the one day on which the two differ is flagged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from dateutil.relativedelta import relativedelta

from jobfirst.dates import DAY, DateSpan


class TargetGroup(StrEnum):
    """The two target groups (D1)."""

    RESOURCE_PROGRAMME = "resource_programme"
    ACTIVITY_READY = "activity_ready"


class Benefit(StrEnum):
    """What the citizen lives on at the day of referral (D1)."""

    RESOURCE_PROGRAMME = "resource_programme_benefit"
    CASH = "cash_benefit"
    INTEGRATION = "integration_benefit"


class Reason(StrEnum):
    """Why a citizen is refused, in the order in which reasons are shown."""

    UNDER_30 = "under_30"
    WRONG_BENEFIT = "wrong_benefit"
    NOT_ACTIVITY_READY = "not_activity_ready"
    PUBLIC_SUPPORT_UNDER_ONE_YEAR = "public_support_under_one_year"
    IN_INTEGRATION_PROGRAMME = "in_integration_programme"
    ALREADY_REFERRED = "already_referred"
    ENROLMENT_CLOSED = "enrolment_closed"
    MUNICIPALITY_NOT_IN_TRIAL = "municipality_not_in_trial"


class Flag(StrEnum):
    """What does not stand in the way, but that somebody should see."""

    PUBLIC_SUPPORT_EXACTLY_ONE_YEAR = "public_support_exactly_one_year"


BENEFITS: Mapping[TargetGroup, frozenset[Benefit]] = {
    TargetGroup.RESOURCE_PROGRAMME: frozenset({Benefit.RESOURCE_PROGRAMME}),
    TargetGroup.ACTIVITY_READY: frozenset({Benefit.CASH, Benefit.INTEGRATION}),
}


@dataclass(frozen=True)
class Facts:
    """What the caseworker states about a citizen on the day of referral.

    `public_support_since` may be unknown for group A, which is not asked about it; unknown in group B counts
    as not having had the year.
    """

    born_on: date
    target_group: TargetGroup
    benefit: Benefit
    public_support_since: date | None
    activity_ready: bool
    in_integration_programme: bool
    referred_on: date


class Terms(Protocol):
    """The trial's own terms: lowest age in years, public support and enrolment in months (D1, D3)."""

    @property
    def minimum_age(self) -> int: ...
    @property
    def public_support_months(self) -> int: ...
    @property
    def enrolment_months(self) -> int: ...


@dataclass(frozen=True)
class TrialState:
    """What the trial already knows: the days of the municipality's project, if it has one, and whether an
    accepted referral of this citizen stands anywhere in the trial (D5)."""

    project: DateSpan | None
    already_referred: bool


@dataclass(frozen=True)
class Assessment:
    """The outcome: every reason against (in the order of `Reason`) and what to look at."""

    reasons: tuple[Reason, ...]
    flags: frozenset[Flag] = frozenset()

    @property
    def eligible(self) -> bool:
        """True when nothing speaks against."""
        return not self.reasons


def assess(facts: Facts, terms: Terms, trial: TrialState) -> Assessment:
    """Hold a referral against D1, D3 and D5 and return all that applies, not just the first."""
    against = {
        Reason.UNDER_30: facts.referred_on < months_after(facts.born_on, 12 * terms.minimum_age),
        Reason.WRONG_BENEFIT: facts.benefit not in BENEFITS[facts.target_group],
        Reason.ALREADY_REFERRED: trial.already_referred,
        Reason.ENROLMENT_CLOSED: trial.project is not None
        and facts.referred_on > last_day_of_enrolment(trial.project, terms),
        Reason.MUNICIPALITY_NOT_IN_TRIAL: trial.project is None,
    }
    flags = set()
    if facts.target_group is TargetGroup.ACTIVITY_READY:
        since = facts.public_support_since
        enough_on = None if since is None else months_after(since, terms.public_support_months)
        against |= {
            Reason.NOT_ACTIVITY_READY: not facts.activity_ready,
            Reason.PUBLIC_SUPPORT_UNDER_ONE_YEAR: enough_on is None or facts.referred_on < enough_on,
            Reason.IN_INTEGRATION_PROGRAMME: facts.in_integration_programme,
        }
        if facts.referred_on == enough_on:
            flags.add(Flag.PUBLIC_SUPPORT_EXACTLY_ONE_YEAR)
    return Assessment(
        reasons=tuple(reason for reason in Reason if against.get(reason, False)), flags=frozenset(flags)
    )


def months_after(day: date, months: int) -> date:
    """The day on which `months` full months have passed since `day`: the same day of the month, or the first
    of the next month where there is no such day (29 February plus a year is 1 March)."""
    landed = day + relativedelta(months=months)
    return landed if landed.day == day.day else landed + DAY


def last_day_of_enrolment(project: DateSpan, terms: Terms) -> date:
    """The last day on which the project takes referrals (D3): `enrolment_months` after its start, that day
    included, and never after its end. A referral before the start is taken too, and drawn later."""
    last = months_after(project.first, terms.enrolment_months)
    return last if project.last is None else min(last, project.last)
