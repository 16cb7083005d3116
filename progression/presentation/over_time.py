"""Progress over time: one small chart per category, and the table that says the same (D23)."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from progression.models import Category, Rater
from progression.presentation.series import CourseSeries, SeriesKey
from progression.presentation.small_chart import ChartLine, small_chart
from progression.rules.progress import change_since_first


@dataclass(frozen=True)
class CategoryProgress:
    """A category over time: its chart, and the citizen's first and latest scores with the change."""

    code: str
    label: str
    is_selected: bool
    chart: str
    first: Fraction | None
    latest: Fraction | None
    change: Fraction | None
    mentor: Fraction | None


@dataclass(frozen=True)
class ProgressRow:
    """The scores of one day by category, in the order of the charts: the citizen's and the mentor's."""

    on: datetime.date
    scores: Sequence[tuple[str, Fraction | None, Fraction | None]]


def category_progress(
    series: CourseSeries, categories: Iterable[Category], selected: Collection[str]
) -> list[CategoryProgress]:
    """Return each category over time; all charts have the same days and the same scale."""
    days = [score.on for scores in series.values() for score in scores]
    span = (min(days), max(days)) if days else None
    progress = []
    for category in categories:
        citizen = series.get(SeriesKey(category.code, Rater.CITIZEN), ())
        mentor = series.get(SeriesKey(category.code, Rater.MENTOR), ())
        lines = [ChartLine("citizen", citizen), ChartLine("mentor", mentor)]
        progress.append(
            CategoryProgress(
                code=category.code,
                label=category.label,
                is_selected=category.code in selected,
                chart=small_chart(category.label, lines, span) if span else "",
                first=citizen[0].score if citizen else None,
                latest=citizen[-1].score if citizen else None,
                change=change_since_first(citizen),
                mentor=mentor[-1].score if mentor else None,
            )
        )
    return progress


def progress_rows(series: CourseSeries, categories: Sequence[Category]) -> list[ProgressRow]:
    """Return the scores day by day, the latest first."""
    by_day: dict[datetime.date, dict[SeriesKey, Fraction]] = {}
    for key, scores in series.items():
        for score in scores:
            by_day.setdefault(score.on, {})[key] = score.score
    return [
        ProgressRow(day, [_scores(by_day[day], category) for category in categories])
        for day in sorted(by_day, reverse=True)
    ]


def _scores(
    of_day: Mapping[SeriesKey, Fraction], category: Category
) -> tuple[str, Fraction | None, Fraction | None]:
    citizen = of_day.get(SeriesKey(category.code, Rater.CITIZEN))
    return category.label, citizen, of_day.get(SeriesKey(category.code, Rater.MENTOR))
