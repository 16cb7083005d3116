"""The randomisation test of the trial, kept in the cache since it repeats the draw many times."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from django.core.cache import cache

from evaluation.models import OutcomeTerms
from evaluation.outcomes.citizen_months import CitizenMonths, citizen_months, drawn_outcomes_of
from evaluation.outcomes.period import OutcomePeriod, chosen_period
from evaluation.outcomes.stratum_arms import TrialSums, sums_by
from evaluation.rules.randomisation_test import randomisation_test

#: The key says all that the result depends on: it is reckoned anew only when something of it changes.
CACHED_SECONDS = 90 * 24 * 3600
# The test returns None or a share between 0 and 1.
NOT_CACHED = -1.0


class RandomisationResult(NamedTuple):
    """The p-value of the test, None without a comparison, and the number of repetitions of the draw."""

    p: float | None
    draws: int


def cached_test(period: OutcomePeriod | None, sums: TrialSums, draws: int) -> RandomisationResult:
    """Return the result for the citizens of the sums, cached until anything of it changes; one query when it
    is not in the cache.

    The seed of the repetitions follows from the draws of these citizens: anybody who has the ledger gets the
    same result.
    """
    if period is None or not any(arm.analysed for arm in sums.arms):
        return RandomisationResult(None, draws)
    cached: float | None = cache.get(_key(draws, sums.draws, sums.hours), NOT_CACHED)
    if cached == NOT_CACHED:
        citizens = [citizen for citizen in citizen_months(period) if citizen.hours is not None]
        # What was delivered since the sums were made is another trial, with a key of its own.
        seed, hours = _digest(map(_drawn_as, citizens)), _digest(map(_delivered, citizens))
        cached = randomisation_test(drawn_outcomes_of(citizens), seed, draws)
        cache.set(_key(draws, seed.hex(), hours.hex()), cached, timeout=CACHED_SECONDS)
    return RandomisationResult(cached, draws)


def repeat_draws(on: datetime.date) -> None:
    """Reckon the test of the whole period, so that the page of results opens at once."""
    period = chosen_period(None, None)
    if period is not None:
        terms = OutcomeTerms.objects.of_day(on)
        cached_test(period, sums_by(terms, period), terms.redraws)


def _key(draws: int, seed: str, hours: str) -> str:
    return f"evaluation.randomisation_test-2.{draws}.{seed}.{hours}"


# As the digests of `evaluation.outcomes.stratum_arms`.
def _drawn_as(citizen: CitizenMonths) -> str:
    return f"{citizen.stratum}/{citizen.slot}/{citizen.arm}"


def _delivered(citizen: CitizenMonths) -> str:
    return f"{citizen.delivered}:{round(100 * citizen.total_hours)}"


def _digest(parts: Iterable[str]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{part};".encode())
    return digest.digest()
