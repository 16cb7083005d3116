"""The figures of the results, one by one, for files. What the page withholds is empty here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from evaluation.outcomes.arms import ArmOutcomes
from evaluation.outcomes.period import OutcomePeriod
from evaluation.outcomes.results import TrialResults
from evaluation.presentation.rounded import AT_LEAST, AT_MOST
from evaluation.rules.effects import Estimate

#: As on the page: see `evaluation.outcomes.results`.
HOURS_PLACES, RATIO_PLACES, SHARE_PLACES = 1, 2, 3


#: The numbers of an arm, and how they are rounded.
ARM_NUMBERS = {
    "drawn": "",
    "analysed": AT_LEAST,
    "without_outcome": AT_MOST,
    "citizen_months": AT_LEAST,
    "missing_months": AT_MOST,
}


#: The sections that do not follow the chosen months.
OF_ALL_MONTHS = {"bounds", "months_since_draw"}


class OutcomeFigure(NamedTuple):
    """A figure of the results. The names of the fields are the file's columns; `bound` says that a number is
    rounded: at most, or at least so many."""

    section: str
    what: str
    measure: str
    value: float | str | None
    bound: str = ""


def list_figures(results: TrialResults) -> Iterator[OutcomeFigure]:
    """Yield the figures of the results, with stable codes and rounded values."""
    report = results.report
    for arm, outcomes in report.arms.items():
        yield from _arm("arms", arm, outcomes)
    yield from _effect("effect", "difference", report.difference, HOURS_PLACES)
    yield from _effect("effect", "ratio", report.ratio, RATIO_PLACES)
    yield OutcomeFigure("randomisation_test", "all", "p", _rounded(report.test.p, 3))
    yield OutcomeFigure("randomisation_test", "all", "draws", report.test.draws)
    yield from _criteria(results)
    for group in results.subgroups.groups:
        for arm, outcomes in group.arms.items():
            yield from _arm("target_groups", f"{group.group.value}/{arm}", outcomes)
        yield from _effect("target_groups", f"{group.group.value}/difference", group.difference, HOURS_PLACES)
        yield from _effect("target_groups", f"{group.group.value}/ratio", group.ratio, RATIO_PLACES)
    yield from _effect("interaction", "difference", results.subgroups.difference, HOURS_PLACES)
    yield from _effect("interaction", "ratio", results.subgroups.ratio, RATIO_PLACES)
    if results.bounds is not None:
        bounds = results.bounds.bounds
        yield OutcomeFigure("bounds", "all", "missing_months", bounds.missing_months, AT_MOST)
        yield from _effect("bounds", "best", bounds.best, HOURS_PLACES)
        yield from _effect("bounds", "worst", bounds.worst, HOURS_PLACES)
    for month in results.months:
        for arm, arm_month in (("participant", month.participants), ("control", month.controls)):
            what = f"{month.number}/{arm}"
            yield OutcomeFigure("months_since_draw", what, "citizens", arm_month.citizens, AT_LEAST)
            yield OutcomeFigure(
                "months_since_draw", what, "mean_hours", _rounded(arm_month.mean_hours, HOURS_PLACES)
            )
    yield from _power(results)


def months_of(figure: OutcomeFigure, results: TrialResults) -> OutcomePeriod | None:
    """Return the months that the figure is of: the chosen ones, or all of the trial."""
    return results.whole if figure.section in OF_ALL_MONTHS else results.report.period


def _criteria(results: TrialResults) -> Iterator[OutcomeFigure]:
    yield OutcomeFigure("criteria", "twice_the_hours", "verdict", results.twice_the_hours.value)
    yield OutcomeFigure(
        "criteria", "three_quarters_progressed", "verdict", results.three_quarters_progressed.value
    )
    progression = results.progression
    yield OutcomeFigure(
        "criteria", "three_quarters_progressed", "n", progression.compared if progression else None
    )
    yield OutcomeFigure(
        "criteria", "three_quarters_progressed", "progressed", progression.progressed if progression else None
    )


def _power(results: TrialResults) -> Iterator[OutcomeFigure]:
    power = results.power
    yield OutcomeFigure("power", "all", "standard_deviation", _rounded(power.deviation, HOURS_PLACES))
    for row in (power.whole, *power.projects):
        what = row.project.slug if row.project else "all"
        yield OutcomeFigure("power", what, "participants", row.participants)
        yield OutcomeFigure("power", what, "controls", row.controls)
        yield OutcomeFigure("power", what, "detectable", _rounded(row.detectable, HOURS_PLACES))
        yield OutcomeFigure("power", what, "planned", _rounded(row.planned, HOURS_PLACES))


def _arm(section: str, what: str, arm: ArmOutcomes) -> Iterator[OutcomeFigure]:
    for measure, bound in ARM_NUMBERS.items():
        yield OutcomeFigure(section, what, measure, getattr(arm, measure), bound)
    yield OutcomeFigure(section, what, "mean_hours", _rounded(arm.mean_hours, HOURS_PLACES))
    yield OutcomeFigure(section, what, "share_any", _rounded(arm.share_any, SHARE_PLACES))


def _effect(section: str, what: str, effect: Estimate | None, places: int) -> Iterator[OutcomeFigure]:
    for measure in ("estimate", "low", "high"):
        value = getattr(effect, measure) if effect else None
        yield OutcomeFigure(section, what, measure, _rounded(value, places))


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)
