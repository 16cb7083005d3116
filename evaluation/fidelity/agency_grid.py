"""The core elements by project as the agency sees them (D7): published shares, few citizens withheld."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project
from cases.elements.names import ELEMENT_NAMES
from cases.models import ElementStateChoices
from evaluation.fidelity.models import ALL_NINE, FidelityThreshold
from evaluation.fidelity.thresholds import thresholds_on
from evaluation.measures import registry
from evaluation.measures.values import Unit
from evaluation.publication import plan
from evaluation.publication.models import TOTAL
from evaluation.publication.reading import PublishedFigures, ShownFigure, read_figures
from jobfirst.charts.cached_html import cached_html
from jobfirst.charts.drawing import small_multiples
from jobfirst.charts.values import Chart, ChartKind, ChartSeries
from jobfirst.kit.days import short_month, written_day

#: The trend compares with the newest figure that is at least so many days older.
TREND_DAYS = 80
#: The charts show so many months.
MONTHS_DRAWN = 12


class GridState(StrEnum):
    """The states whose shares are published; the rest of the courses are not settled yet."""

    MET = "met"
    MISSED = "missed"


STATE_LABELS: Mapping[GridState, str | Promise] = {
    state: ElementStateChoices(state).label for state in GridState
}
STATE_SENTENCES: Mapping[GridState, str | Promise] = {
    GridState.MET: gettext_lazy("Courses that meet the element on the day"),
    GridState.MISSED: gettext_lazy("Courses that have missed the element"),
}


@dataclass(frozen=True)
class AgencyGridCell:
    """A project's share of courses in the state; None when it is withheld. `change` is in percentage points
    since the figure that the trend compares with, None without one. `is_below`: below the threshold."""

    element: int
    figure: ShownFigure | None
    percent: int | None
    change: int | None
    changed_since: datetime.date | None
    is_older: bool
    is_below: bool = False

    @property
    def change_text(self) -> str:
        """The change with its sign."""
        return f"{self.change or 0:+d}".replace("-", "−") if self.change else "±0"


@dataclass(frozen=True)
class AgencyGridRow:
    """A project's cells, one for each element; the whole trial's without a project."""

    project: Project | None
    cells: Sequence[AgencyGridCell]
    all_nine: AgencyGridCell


@dataclass(frozen=True)
class AgencyGrid:
    """The grid of a state as of the cut-off; the thresholds are those of the cells of a row."""

    cut_off: datetime.date
    smallest_count: int
    rows: Sequence[AgencyGridRow]
    total: AgencyGridRow
    charts: Sequence[Chart]
    thresholds: Sequence[FidelityThreshold | None]


def make_grid(state: GridState) -> AgencyGrid | None:
    """Return the grid of the newest publication; None before the first. Four queries."""
    codes = {number: _code(number, state) for number in ELEMENT_NAMES}
    nine = registry.NINE_ELEMENTS.code
    figures = read_figures([*codes.values(), nine])
    if figures is None:
        return None

    thresholds = thresholds_on(figures.cut_off) if state is GridState.MET else {}

    def row(project: Project | None) -> AgencyGridRow:
        name = project.slug if project else TOTAL
        cells = [_cell(number, code, name, figures, thresholds) for number, code in codes.items()]
        return AgencyGridRow(project, cells, _cell(ALL_NINE, nine, name, figures, thresholds))

    return AgencyGrid(
        figures.cut_off,
        figures.smallest_count,
        [row(project) for project in Project.objects.order_by("name")],
        row(None),
        small_multiples(_chart(number, code, figures) for number, code in codes.items()),
        [thresholds.get(number) for number in (*codes, ALL_NINE)] if thresholds else [],
    )


def drawn_grid(grid: AgencyGrid, state: GridState) -> SafeString:
    """Return the grid as HTML, cached by all that it shows."""
    rows = [(row.project and row.project.name, row.cells, row.all_nine) for row in (*grid.rows, grid.total)]
    charts = [(chart.sentence, chart.categories, chart.series[0].values) for chart in grid.charts]
    thresholds = [threshold and (threshold.percent, threshold.valid_from) for threshold in grid.thresholds]
    return cached_html(
        "evaluation/trial_elements_grid.html",
        (state, grid.smallest_count, rows, charts, thresholds),
        lambda: {
            "grid": grid,
            "elements": ELEMENT_NAMES.items(),
            "state_label": STATE_LABELS[state],
            "state_sentence": STATE_SENTENCES[state],
        },
    )


def _code(element: int, state: GridState) -> str:
    return plan.met(element) if state is GridState.MET else plan.missed(element)


def _cell(
    element: int,
    code: str,
    row: str,
    figures: PublishedFigures,
    thresholds: Mapping[int, FidelityThreshold],
) -> AgencyGridCell:
    series = figures.trend(code, row)
    figure = series[-1] if series else None
    percent = _percent(figure)
    earlier = _compared_with(series)
    before = _percent(earlier)
    threshold = thresholds.get(element)
    return AgencyGridCell(
        element,
        figure,
        percent,
        change=None if percent is None or before is None else percent - before,
        changed_since=earlier.cut_off if earlier else None,
        is_older=figure is not None and figure.cut_off < figures.cut_off,
        is_below=percent is not None and threshold is not None and percent < threshold.percent,
    )


def _compared_with(series: Sequence[ShownFigure]) -> ShownFigure | None:
    """Return the newest figure that is old enough to compare the last one with."""
    if not series:
        return None
    latest = series[-1].cut_off - datetime.timedelta(days=TREND_DAYS)
    return next((figure for figure in reversed(series) if figure.cut_off <= latest), None)


def _percent(figure: ShownFigure | None) -> int | None:
    value = figure.value(Unit.SHARE) if figure else None
    return None if value is None else round(value)


def _chart(element: int, code: str, figures: PublishedFigures) -> Chart:
    """Return the chart of an element: the share of all projects together, month by month."""
    series = figures.trend(code)[-MONTHS_DRAWN:]
    values: list[Decimal | None] = [figure.value(Unit.SHARE) for figure in series]
    known = [(figure, value) for figure, value in zip(series, values, strict=True) if value is not None]
    name = f"{element}. {ELEMENT_NAMES[element]}"
    return Chart(
        kind=ChartKind.LINES,
        title=name,
        sentence=_sentence(known),
        category_title=gettext_lazy("As of"),
        categories=[short_month(figure.cut_off) for figure in series],
        series=[ChartSeries(gettext_lazy("All projects"), values)],
        unit="%",
        top=100,
    )


def _sentence(known: Sequence[tuple[ShownFigure, Decimal]]) -> str:
    if not known:
        return _("No number can be shown yet.")
    (first, before), (last, now) = known[0], known[-1]
    words = {
        "before": round(before),
        "now": round(now),
        "first": written_day(first.cut_off),
        "last": written_day(last.cut_off),
    }
    if first is last:
        return _("%(now)s %% on %(last)s.") % words
    return _("From %(before)s %% on %(first)s to %(now)s %% on %(last)s.") % words
