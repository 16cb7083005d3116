"""The values known before the draw, and how the arms differ in them; also as the agency may see it.

Age and years on support are means. The shares are of few citizens when few have what is counted, or few have
it not: the counts that they are made of are rounded, and what differs is reckoned from the rounded counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models.citizen import Benefit, TargetGroup
from evaluation.rules import balance, baseline
from evaluation.rules.rounding import to_nearest
from evaluation.rules.suppression import share_is_shown
from evaluation.trial.drawn import DrawnRow
from evaluation.trial.values import BalanceRow
from jobfirst.values.cpr import birth_date
from randomization.models import Arm

#: The key says all that it depends on: the night finds it again, and so does the morning.
CACHED_SECONDS = 90 * 24 * 3600


class Baseline(NamedTuple):
    """A value known before the draw: its label, whether its mean is shown as a percentage, and whether that
    share is of citizens whom the ledger does not show."""

    label: Promise
    percent: bool = False
    is_of_referral: bool = False


BASELINE = (
    Baseline(_("Age at referral, years")),
    Baseline(_("Years on public support at referral")),
    Baseline(_("Target group A: resource programme"), percent=True),
    Baseline(_("Cash benefit"), percent=True, is_of_referral=True),
    Baseline(_("Integration benefit"), percent=True, is_of_referral=True),
    Baseline(_("Days from the project's start to the referral")),
)


def drawn_unit(row: DrawnRow) -> balance.DrawnUnit:
    """Return the citizen with the baseline values, in the order of BASELINE."""
    referred = row.referred_on
    return balance.DrawnUnit(
        stratum=row.stratum,
        slot=row.slot,
        arm=row.arm,
        values=(
            float(baseline.age_on(referred, born_on=birth_date(row.cpr))),
            baseline.years_until(referred, since=row.public_support_since),
            float(row.target_group == TargetGroup.RESOURCE_PROGRAMME),
            float(row.benefit == Benefit.CASH_BENEFIT),
            float(row.benefit == Benefit.INTEGRATION_BENEFIT),
            float((referred - row.project_starts_on).days),
        ),
    )


class ArmsBalance(NamedTuple):
    """The balance of the arms: the rows in the order of BASELINE, and the p-value of the omnibus test."""

    rows: list[BalanceRow]
    omnibus: float | None


def balance_of(drawn: Sequence[DrawnRow], limit: int | None) -> ArmsBalance:
    """Return the balance of the drawn citizens, with a `limit` as the agency may see it.

    Cached until another citizen is in it or something that was known of one is corrected: the omnibus test
    repeats the draw many times, and every age needs a number decrypted.
    """
    if not drawn:
        return ArmsBalance([], None)
    key = hashlib.sha256(b"".join(bytes(row.balance_hash) for row in drawn)).hexdigest()
    # The number rises when BASELINE, a characteristic or a way of rounding changes.
    key = f"evaluation.balance-1.{balance.REPLICATES}.{limit}.{key}"
    cached: tuple[list[balance.ArmDifference], float | None] | None = cache.get(key)
    if cached is None:
        units = [drawn_unit(row) for row in drawn]
        rows = balance_rows(units) if limit is None else rounded_rows(units, limit)
        seed = hashlib.sha256(b"".join(bytes(row.row_hash) for row in drawn)).hexdigest().encode()
        cached = [row.difference for row in rows], balance.omnibus_test(units, seed)
        cache.set(key, cached, timeout=CACHED_SECONDS)
    differences, omnibus = cached
    return ArmsBalance(_rows(differences), omnibus)


def balance_rows(units: Sequence[balance.DrawnUnit]) -> list[BalanceRow]:
    """Return the rows in the order of BASELINE; none without citizens."""
    return _rows(balance.baseline_differences(units))


def _rows(differences: Sequence[balance.ArmDifference]) -> list[BalanceRow]:
    return [
        BalanceRow(value.label, value.percent, difference)
        for value, difference in zip(BASELINE, differences, strict=False)
    ]


def rounded_rows(units: Sequence[balance.DrawnUnit], limit: int) -> list[BalanceRow]:
    """Return the rows as the agency may see them: shares of benefits rounded, or all of them empty.

    The benefits are parts of a target group that the ledger shows: when one is of few, the others are hidden,
    too.
    """
    rows = balance_rows(units)
    places = [place for place, value in enumerate(BASELINE) if value.is_of_referral]
    arms = {arm: [unit.values for unit in units if unit.arm == arm] for arm in Arm.values}
    counts = {
        (arm, place): round(sum(values[place] for values in of_arm))
        for arm, of_arm in arms.items()
        for place in places
    }
    is_shown = all(share_is_shown(count, len(arms[arm]), limit) for (arm, _place), count in counts.items())
    for place in places if rows else []:
        shares = [
            balance.Share(min(len(arms[arm]), to_nearest(counts[arm, place], limit)), len(arms[arm]))
            for arm in (Arm.PARTICIPANT, Arm.CONTROL)
        ]
        difference = balance.share_difference(*shares) if is_shown else balance.NOTHING
        rows[place] = replace(rows[place], difference=difference)
    return rows
