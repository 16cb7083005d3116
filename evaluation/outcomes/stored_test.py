"""The randomisation test of the trial, kept in the cache since it repeats the draw many times."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.core.cache import cache

from evaluation.models import OutcomeTerms
from evaluation.outcomes.citizen_months import CitizenMonths, citizen_months, drawn_outcomes_of
from evaluation.outcomes.period import chosen_period
from evaluation.rules.randomisation_test import randomisation_test

#: The key says all that the result depends on: it is reckoned anew only when something of it changes.
CACHED_SECONDS = 90 * 24 * 3600
# The test returns None or a share between 0 and 1.
NOT_CACHED = -1.0


class RandomisationResult(NamedTuple):
    """The p-value of the test, None without a comparison, and the number of repetitions of the draw."""

    p: float | None
    draws: int


def cached_test(citizens: Sequence[CitizenMonths], draws: int) -> RandomisationResult:
    """Return the result for these citizens, cached until anything of it changes.

    The seed of the repetitions follows from the draws of these citizens: anybody who has the ledger gets the
    same result.
    """
    outcomes = drawn_outcomes_of(citizens)
    if not outcomes:
        return RandomisationResult(None, draws)
    seed = _digest(f"{outcome.stratum}/{outcome.slot}/{outcome.arm}" for outcome in outcomes)
    hours = _digest(repr(outcome.hours) for outcome in outcomes)
    key = f"evaluation.randomisation_test.{draws}.{seed.hex()}.{hours.hex()}"
    cached: float | None = cache.get(key, NOT_CACHED)
    if cached == NOT_CACHED:
        cached = randomisation_test(outcomes, seed, draws)
        cache.set(key, cached, timeout=CACHED_SECONDS)
    return RandomisationResult(cached, draws)


def repeat_draws(on: datetime.date) -> None:
    """Reckon the test of the whole period, so that the page of results opens at once."""
    period = chosen_period(None, None)
    if period is not None:
        cached_test(citizen_months(period), OutcomeTerms.objects.of_day(on).redraws)


def _digest(parts: Iterable[str]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{part};".encode())
    return digest.digest()
