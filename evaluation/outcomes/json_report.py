"""The outcomes as the command `outcomes` prints them (docs/formats.md)."""

from __future__ import annotations

from math import isfinite
from typing import Any

from evaluation.outcomes.arms import ArmOutcomes
from evaluation.outcomes.report import OutcomeReport
from evaluation.outcomes.stratum_arms import outcomes_of
from evaluation.rules.effects import Estimate, estimated_difference

#: Decimals of hours, ratios and shares.
PLACES = 6


def as_json(report: OutcomeReport) -> dict[str, Any]:
    """Return the JSON object of the report. What cannot be reckoned is null."""
    period, progression = report.period, report.progression
    return {
        "from": f"{period.first:%Y-%m}" if period else None,
        "to": f"{period.last:%Y-%m}" if period else None,
        "arms": {
            "participant": _arm(report.participants),
            "control": _arm(report.controls),
        },
        "difference": {
            **_estimate(report.difference),
            "estimate": _rounded(estimated_difference(outcomes_of(report.sums.arms))),
        },
        "ratio": _estimate(report.ratio),
        "randomisation_test": {"p": _rounded(report.test.p), "draws": report.test.draws},
        "progression": {
            "n": progression.compared,
            "progressed": progression.progressed,
            "share": _rounded(progression.share),
        },
        "criteria": {
            "twice_the_hours": report.twice_the_hours.value,
            "three_quarters_progressed": report.three_quarters_progressed.value,
        },
        "courses_running": report.courses_running,
    }


def _arm(arm: ArmOutcomes) -> dict[str, Any]:
    return {
        "n": arm.analysed,
        "citizen_months": arm.citizen_months,
        "mean_hours": _rounded(arm.mean_hours),
        "share_any": _rounded(arm.share_any),
        "missing_months": arm.missing_months,
        "drawn": arm.drawn,
        "without_outcome": arm.without_outcome,
    }


def _estimate(estimate: Estimate | None) -> dict[str, float | None]:
    """Return the estimate with its 95 % interval; all null without one."""
    return {
        "estimate": _rounded(estimate.estimate if estimate else None),
        "low": _rounded(estimate.low if estimate else None),
        "high": _rounded(estimate.high if estimate else None),
    }


def _rounded(value: float | None) -> float | None:
    # JSON has no infinity: a limit beyond all numbers is left open.
    return None if value is None or not isfinite(value) else round(value, PLACES)
