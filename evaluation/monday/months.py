"""A measure month by month, from the stored figures: the chart above the list of its rows."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from accounts.models import Project
from evaluation.measures.registry import BY_CODE
from evaluation.measures.values import Measure, Unit
from evaluation.monday.trends import MONTHS
from evaluation.summaries.history import MonthFigure, figures_age, history
from jobfirst.charts.values import Chart, ChartKind, ChartSeries, Number, written_value
from jobfirst.kit.days import short_month, written_day


def months_chart(project: Project, measure: Measure) -> Chart | None:
    """Return the last twelve whole months of a measure of the project, and when they were counted.

    None for a measure that is not stored, and while fewer than two months have a value. Two queries.
    """
    if BY_CODE.get(measure.code) is not measure:
        return None
    months = history(project, measure)[-MONTHS:]
    values = [month.figure.value(measure.unit) for month in months]
    known = [(month, value) for month, value in zip(months, values, strict=True) if value is not None]
    age = figures_age() if len(known) > 1 else None
    if age is None:
        return None
    unit, decimals = _unit(measure), 1 if measure.unit is Unit.MEAN else 0
    return Chart(
        kind=ChartKind.LINES,
        title=_("Month by month"),
        sentence=_sentence(known, unit, decimals),
        category_title=_("Month"),
        categories=[short_month(month.month) for month in months],
        series=[ChartSeries(measure.label, values)],
        unit=unit,
        decimals=decimals,
        top=100 if measure.unit is Unit.SHARE else None,
        note=age.in_words(),
    )


def _unit(measure: Measure) -> str:
    words = {Unit.SHARE: "%", Unit.MEAN: _("hours"), Unit.SUM: "kr.", Unit.COUNT: ""}
    return words[measure.unit]


def _sentence(known: Sequence[tuple[MonthFigure, Number]], unit: str, decimals: int) -> str:
    (first, before), (last, now) = known[0], known[-1]
    return _("In %(first)s %(before)s, in %(last)s %(now)s.") % {
        "first": written_day(first.month, "F Y"),
        "before": written_value(before, decimals, unit),
        "last": written_day(last.month, "F Y"),
        "now": written_value(now, decimals, unit),
    }
