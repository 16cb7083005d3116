"""The trial's report as its page and its PDF show it."""

from typing import Any

from evaluation.trial.report import BalanceRow, TrialReport

# Half the width of the picture of a standardised difference, and its scale.
PICTURE_HALF = 100
PICTURE_LIMIT = 0.5


def page_context(found: TrialReport) -> dict[str, Any]:
    """The report as the templates show it."""
    return {
        "report": found,
        "balance": [_balance(row) for row in found.balance],
        "guess_percent": 100 * found.guess,
        "half": PICTURE_HALF,
        "whole": 2 * PICTURE_HALF,
    }


def _balance(row: BalanceRow) -> dict[str, Any]:
    """A line of the balance table: shares in percent, other means as they are."""
    factor = 100 if row.percent else 1
    ours, theirs = row.difference.participants, row.difference.controls
    return {
        "row": row,
        "ours": None if ours is None else factor * ours,
        "theirs": None if theirs is None else factor * theirs,
        "picture": _picture(row.difference),
    }


def _picture(difference: Any) -> dict[str, int] | None:
    """Where the dot and chance's band lie in the picture, in its own units."""
    if difference.standardised is None:
        return None
    scale = PICTURE_HALF / PICTURE_LIMIT
    dot = max(-PICTURE_LIMIT, min(PICTURE_LIMIT, difference.standardised))
    band = min(PICTURE_LIMIT, difference.band)
    return {
        "dot": round(PICTURE_HALF + dot * scale),
        "from": round(PICTURE_HALF - band * scale),
        "width": round(2 * band * scale),
    }
