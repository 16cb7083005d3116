"""Progress over time: scores on a common scale, and whether a citizen has progressed (D23)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

#: The highest score on the common scale; the lowest is 0.
HIGHEST_SCORE = 10


@dataclass(frozen=True, slots=True)
class ScaledValue:
    """A step of a scale, with the scale's lowest and highest steps."""

    value: int
    lowest: int
    highest: int

    @property
    def score(self) -> Fraction:
        """The step on the common scale: 0 for the lowest step, HIGHEST_SCORE for the highest."""
        return Fraction(HIGHEST_SCORE * (self.value - self.lowest), self.highest - self.lowest)


@dataclass(frozen=True, slots=True)
class DatedScore:
    """The score of a category on a day."""

    on: date
    score: Fraction


def mean_score(values: Iterable[ScaledValue]) -> Fraction | None:
    """Return the mean of the answers on the common scale, so that versions compare; None without any."""
    scores = [value.score for value in values]
    return sum(scores, Fraction(0)) / len(scores) if scores else None


def change_since_first(series: Sequence[DatedScore]) -> Fraction | None:
    """Return the latest score less the first; None with fewer than two. `series` is in order of days."""
    return series[-1].score - series[0].score if len(series) > 1 else None


def risen_categories(
    series_by_category: Mapping[str, Sequence[DatedScore]], selected: Collection[str]
) -> frozenset[str]:
    """Return the selected categories in which the latest score is higher than the first.

    Without a selection, all of them count.
    """
    return frozenset(
        code
        for code, series in series_by_category.items()
        if (not selected or code in selected) and (change_since_first(series) or 0) > 0
    )


def has_progressed(
    series_by_category: Mapping[str, Sequence[DatedScore]], selected: Collection[str], *, at_least: int
) -> bool | None:
    """Whether the citizen has progressed (D23): risen in `at_least` so many selected categories (a term).

    None while no selected category has two scores: it cannot be said yet.
    """
    compared = [
        code
        for code, series in series_by_category.items()
        if len(series) > 1 and (not selected or code in selected)
    ]
    if not compared:
        return None
    return len(risen_categories(series_by_category, selected)) >= at_least
