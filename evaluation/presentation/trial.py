"""The trial's report as its page and its PDF show it."""

from dataclasses import dataclass
from typing import Any

from evaluation.presentation.flow import eligible_bound, flow_lines
from evaluation.rules.balance import ArmDifference
from evaluation.trial.values import BalanceRow, TrialReport

# Half the width of the picture of a standardised difference, and its scale.
PICTURE_HALF = 100
PICTURE_LIMIT = 0.5


@dataclass(frozen=True)
class BalancePicture:
    """The positions of the dot and of the band of chance in the picture of a difference, in its own units."""

    dot: int
    band_from: int
    band_width: int


@dataclass(frozen=True)
class BalanceLine:
    """A line of the balance table: shares in percent, other means unchanged."""

    row: BalanceRow
    participants: float | None
    controls: float | None
    picture: BalancePicture | None


def page_context(report: TrialReport) -> dict[str, Any]:
    """Return the context of the report's templates."""
    return {
        "report": report,
        "flow_lines": flow_lines(report.flow),
        "eligible_bound": eligible_bound(report.flow),
        "balance": [_balance_line(row) for row in report.balance],
        "guess_percent": 100 * report.guess,
        "half": PICTURE_HALF,
        "whole": 2 * PICTURE_HALF,
    }


def _balance_line(row: BalanceRow) -> BalanceLine:
    factor = 100 if row.percent else 1
    participants, controls = row.difference.participants, row.difference.controls
    return BalanceLine(
        row=row,
        participants=None if participants is None else factor * participants,
        controls=None if controls is None else factor * controls,
        picture=_picture(row.difference),
    )


def _picture(difference: ArmDifference) -> BalancePicture | None:
    if difference.standardised is None or difference.band is None:
        return None
    scale = PICTURE_HALF / PICTURE_LIMIT
    dot = max(-PICTURE_LIMIT, min(PICTURE_LIMIT, difference.standardised))
    band = min(PICTURE_LIMIT, difference.band)
    return BalancePicture(
        dot=round(PICTURE_HALF + dot * scale),
        band_from=round(PICTURE_HALF - band * scale),
        band_width=round(2 * band * scale),
    )
