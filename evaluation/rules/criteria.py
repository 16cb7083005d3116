"""The two success criteria of the trial (D6): met, not met, or too early to say.

After the course participants have twice the paid hours of the control group, and 75 % of them have
progressed. The point estimate decides; the intervals are shown beside it.
"""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

#: What adding up the hours may lose: exactly `factor` times the hours is enough.
ROUNDING = 1e-9


class Verdict(StrEnum):
    """Whether a success criterion is met."""

    MET = "met"
    NOT_MET = "not_met"
    TOO_EARLY = "too_early"


def judge_hours(
    participants: float | None, controls: float | None, *, factor: float, courses_running: int
) -> Verdict:
    """Return whether the participants' mean hours are at least `factor` times the controls'.

    Too early while an arm has no outcome, or `courses_running` participants are still within their course at
    the end of the period. When nobody has any hours it is not met.
    """
    if participants is None or controls is None or courses_running:
        return Verdict.TOO_EARLY
    wanted = factor * controls * (1 - ROUNDING)
    return Verdict.MET if participants > 0 and participants >= wanted else Verdict.NOT_MET


def judge_progression(progressed: int, compared: int, *, percent: int, courses_running: int) -> Verdict:
    """Return whether at least `percent` of the participants with two answers to compare have progressed.

    Too early while there is nobody to compare, or a participant's course is still running, as `judge_hours`.
    """
    if not compared or courses_running:
        return Verdict.TOO_EARLY
    return Verdict.MET if Fraction(100 * progressed, compared) >= percent else Verdict.NOT_MET
