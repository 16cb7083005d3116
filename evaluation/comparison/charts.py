"""One chart for each measure: the projects' values, the best first."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.comparison.overview import ComparedFigure, ComparedMeasure
from evaluation.measures.values import Measure, Unit
from jobfirst.charts.values import Chart, ChartKind, ChartSeries, written_value
from jobfirst.values.danish_order import danish_key

#: In pixels, with names and values: as wide as a phone.
WIDTH = 330


def measure_chart(compared: ComparedMeasure) -> Chart:
    """Return the chart of a measure: a bar for each project whose figure is shown."""
    measure = compared.measure
    rows = in_order(compared)
    with_values = [row for row in rows if row.value is not None]
    return Chart(
        kind=ChartKind.BARS,
        title=measure.label,
        sentence=sentence(compared, with_values),
        category_title=gettext_lazy("Project"),
        categories=[row.project.name for row in with_values if row.project],
        series=[ChartSeries(measure.label, [row.value for row in with_values])],
        unit=unit_of(measure),
        decimals=decimals_of(measure),
        top=100 if measure.unit is Unit.SHARE else None,
        width=WIDTH,
        note=str(measure.definition),
    )


def in_order(compared: ComparedMeasure) -> list[ComparedFigure]:
    """Return the projects' figures, the best first, those without a value last."""
    sign = -1 if compared.measure.counts_are_good else 1
    return sorted(
        compared.projects,
        key=lambda row: (
            row.value is None,
            sign * (row.value or 0),
            danish_key(row.project.name if row.project else ""),
        ),
    )


def unit_of(measure: Measure) -> str:
    """Return the unit of the measure's values."""
    return "%" if measure.unit is Unit.SHARE else _("hours a week")


def decimals_of(measure: Measure) -> int:
    """Return with how many decimals the measure's values are shown."""
    return 1 if measure.unit is Unit.MEAN else 0


def sentence(compared: ComparedMeasure, with_values: Sequence[ComparedFigure]) -> str:
    """Return what the chart shows, in words: the best, the poorest, and all together."""
    if not with_values:
        return _("No project's number can be shown yet.")
    best, poorest = with_values[0], with_values[-1]
    words = {
        "best": best.project and best.project.name,
        "best_value": written(compared.measure, best),
        "poorest": poorest.project and poorest.project.name,
        "poorest_value": written(compared.measure, poorest),
        "all": written(compared.measure, compared.total),
        "number": len(with_values),
    }
    if len(with_values) == 1:
        return _("%(best)s: %(best_value)s. All projects together: %(all)s.") % words
    if words["best_value"] == words["poorest_value"]:
        return _("%(best_value)s in all %(number)d projects shown. All together: %(all)s.") % words
    return (
        _("From %(best_value)s in %(best)s to %(poorest_value)s in %(poorest)s. All together: %(all)s.")
        % words
    )


def written(measure: Measure, row: ComparedFigure, *, with_unit: bool = True) -> str:
    """Return a value as the reader writes it, with its unit; a dash when it is not shown."""
    return written_value(row.value, decimals_of(measure), unit_of(measure) if with_unit else "")
