"""Who may be referred to the trial (D1, D3, D5): all reasons against it at once.

Two target groups. **A** `resource_programme`: aged 30 or more on the day of referral and on
resource-programme benefit. Nothing else is required: admission to the programme covers what group B is
screened for. **B** `activity_ready`: aged 30 or more, activity-ready, on cash or integration benefit, at
least a year on public support, and not in the integration programme. A reason that belongs to B only is
therefore never given for A.

Whole years. An age or a length of support is reached on the anniversary: the 30th birthday counts as "aged
30". For 29 February the sources and the Danish acts on age say nothing about years without that day; here the
year is full after 28 February, so it is reached on 1 March. (A 30th birthday of a person born on 29 February
always falls in such a year.)

Exactly a year. The announcement says both "at least a year" and "more than a year" of public support. "At
least" is used, and a referral on the one day where the two differ gets a flag.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from jobfirst.values.dates import DateSpan, months_after


class TargetGroup(StrEnum):
    """The two target groups (D1)."""

    RESOURCE_PROGRAMME = "resource_programme"
    ACTIVITY_READY = "activity_ready"


class Benefit(StrEnum):
    """The citizen's benefit on the day of referral (D1)."""

    RESOURCE_PROGRAMME = "resource_programme_benefit"
    CASH = "cash_benefit"
    INTEGRATION = "integration_benefit"


class RefusalReason(StrEnum):
    """Why a citizen is refused, in display order."""

    UNDER_30 = "under_30"
    WRONG_BENEFIT = "wrong_benefit"
    NOT_ACTIVITY_READY = "not_activity_ready"
    PUBLIC_SUPPORT_UNDER_ONE_YEAR = "public_support_under_one_year"
    IN_INTEGRATION_PROGRAMME = "in_integration_programme"
    ALREADY_REFERRED = "already_referred"
    ENROLMENT_CLOSED = "enrolment_closed"
    MUNICIPALITY_NOT_IN_TRIAL = "municipality_not_in_trial"


class ReferralFlag(StrEnum):
    """What does not prevent the referral but should be looked at."""

    PUBLIC_SUPPORT_EXACTLY_ONE_YEAR = "public_support_exactly_one_year"


BENEFITS: Mapping[TargetGroup, frozenset[Benefit]] = {
    TargetGroup.RESOURCE_PROGRAMME: frozenset({Benefit.RESOURCE_PROGRAMME}),
    TargetGroup.ACTIVITY_READY: frozenset({Benefit.CASH, Benefit.INTEGRATION}),
}


@dataclass(frozen=True)
class ReferralFacts:
    """What the caseworker states about a citizen on the day of referral.

    `public_support_since` may be None for group A, where it is not required; in group B None counts as less
    than a year.
    """

    born_on: date
    target_group: TargetGroup
    benefit: Benefit
    public_support_since: date | None
    activity_ready: bool
    in_integration_programme: bool
    referred_on: date


class ReferralTerms(Protocol):
    """The trial's terms: lowest age in years, public support and enrolment in months (D1, D3)."""

    @property
    def minimum_age(self) -> int: ...
    @property
    def public_support_months(self) -> int: ...
    @property
    def enrolment_months(self) -> int: ...


@dataclass(frozen=True)
class TrialState:
    """What the trial has stored: the days of the municipality's project (None: no project), and whether the
    citizen has an accepted referral in any project (D5)."""

    project: DateSpan | None
    already_referred: bool


@dataclass(frozen=True)
class EligibilityAssessment:
    """The result: every reason against the referral (in the order of `RefusalReason`) and the flags."""

    reasons: tuple[RefusalReason, ...]
    flags: frozenset[ReferralFlag] = frozenset()

    @property
    def eligible(self) -> bool:
        """Whether there is no reason against the referral."""
        return not self.reasons


def assess(facts: ReferralFacts, terms: ReferralTerms, trial: TrialState) -> EligibilityAssessment:
    """Return all reasons and flags of a referral by D1, D3 and D5, not just the first."""
    against = {
        RefusalReason.UNDER_30: facts.referred_on < months_after(facts.born_on, 12 * terms.minimum_age),
        RefusalReason.WRONG_BENEFIT: facts.benefit not in BENEFITS[facts.target_group],
        RefusalReason.ALREADY_REFERRED: trial.already_referred,
        RefusalReason.ENROLMENT_CLOSED: trial.project is not None
        and facts.referred_on > last_day_of_enrolment(trial.project, terms),
        RefusalReason.MUNICIPALITY_NOT_IN_TRIAL: trial.project is None,
    }
    flags = set()
    if facts.target_group is TargetGroup.ACTIVITY_READY:
        since = facts.public_support_since
        enough_on = None if since is None else months_after(since, terms.public_support_months)
        against |= {
            RefusalReason.NOT_ACTIVITY_READY: not facts.activity_ready,
            RefusalReason.PUBLIC_SUPPORT_UNDER_ONE_YEAR: enough_on is None or facts.referred_on < enough_on,
            RefusalReason.IN_INTEGRATION_PROGRAMME: facts.in_integration_programme,
        }
        if facts.referred_on == enough_on:
            flags.add(ReferralFlag.PUBLIC_SUPPORT_EXACTLY_ONE_YEAR)
    return EligibilityAssessment(
        reasons=tuple(reason for reason in RefusalReason if against.get(reason, False)),
        flags=frozenset(flags),
    )


def last_day_of_enrolment(project: DateSpan, terms: ReferralTerms) -> date:
    """Return the last day on which the project takes referrals (D3).

    `enrolment_months` after its start, that day included, and never after its end. A referral before the
    start is allowed, and drawn later.
    """
    last = months_after(project.first, terms.enrolment_months)
    return last if project.last is None else min(last, project.last)
