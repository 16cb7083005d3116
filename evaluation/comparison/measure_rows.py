"""The measures of the comparison as the page shows them: chart and numbers, drawn once for a publication."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.safestring import SafeString

from evaluation.comparison.charts import in_order, measure_chart, unit_of
from evaluation.comparison.overview import ComparedFigure, ComparedMeasure, ComparisonOverview
from jobfirst.charts.cached_html import cached_html
from jobfirst.charts.values import Chart


class MeasureRows(NamedTuple):
    """A measure with its chart, its rows in the order of the chart, and the unit of its values."""

    compared: ComparedMeasure
    chart: Chart
    rows: Sequence[ComparedFigure]
    unit: str


def measure_rows(overview: ComparisonOverview) -> list[MeasureRows]:
    """Return the measures of the overview in their order."""
    return [
        MeasureRows(compared, measure_chart(compared), in_order(compared), unit_of(compared.measure))
        for compared in overview.measures
    ]


def drawn_measures(overview: ComparisonOverview) -> SafeString:
    """Return the measures as HTML, cached by all that they show."""
    numbers = [
        (
            compared.measure.code,
            [
                (figure.project and figure.project.name, figure.figure, figure.value, figure.is_older)
                for figure in (*compared.projects, compared.total)
            ],
        )
        for compared in overview.measures
    ]
    return cached_html(
        "evaluation/comparison_measures.html", numbers, lambda: {"measures": measure_rows(overview)}
    )
