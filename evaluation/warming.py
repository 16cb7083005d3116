"""Drawing at night what pages show in the morning: nobody waits for the first chart of a process.

A chart is drawn once for as long as its values stay the same (`jobfirst.charts.drawing`). Those of the pages
show months that are over, so a night draws what the last night's figures have changed, and mostly nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils import translation

from accounts.models import Project
from accounts.policy import leaders_of
from evaluation.comparison.measure_rows import drawn_measures
from evaluation.comparison.overview import make_overview
from evaluation.fidelity.agency_grid import GridState, drawn_grid, make_grid
from evaluation.fidelity.trend import drawn_charts, with_element_months
from evaluation.measures.registry import MEASURES
from evaluation.measures.values import Unit
from evaluation.monday.drawing import drawn_page, with_chart_months
from evaluation.monday.months import months_chart
from evaluation.monday.overdue import ProjectConcerns
from evaluation.monday.trends import stored_charts
from evaluation.publication.models import Publication
from evaluation.trial.report import make_report
from jobfirst.charts.drawing import chart_svg
from jobfirst.charts.values import Chart

#: The language that most read.
LANGUAGE = "da"


def draw_leaders_pages(on: datetime.date) -> None:
    """Draw the leaders' pages of the projects that run on the day, and the charts behind their numbers."""
    with translation.override(LANGUAGE):
        for project in with_chart_months(_running(on), on):
            for may_forecast in _may_forecast(project):
                drawn_page(project, ProjectConcerns(project, on), may_forecast=may_forecast)
            _draw(_charts_of(project))


def draw_missing_charts(on: datetime.date) -> None:
    """Draw whatever chart of the leaders' and the agency's pages is not in the cache: after an installation,
    or when the cache was emptied. Quick when all are there."""
    with translation.override(LANGUAGE):
        for project in with_chart_months(_running(on), on):
            _draw(stored_charts(project))
        for project in with_element_months(_running(on), on):
            drawn_charts(project)
    draw_agency_charts()


def reckon_balance(on: datetime.date) -> None:
    """Reckon the balance of the arms as the agency sees it, which repeats the draw many times: it is kept
    until it is renewed, or something of one who is in it is corrected."""
    days = list(Publication.objects.order_by("-cut_off").values_list("cut_off", flat=True))
    make_report(on, balance_days=days)


def draw_agency_charts() -> None:
    """Draw the charts of the published figures."""
    overview = make_overview()
    if overview is None:
        return
    with translation.override(LANGUAGE):
        drawn_measures(overview)
        for state in GridState:
            grid = make_grid(state)
            if grid is not None:
                drawn_grid(grid, state)


def _running(on: datetime.date) -> QuerySet[Project]:
    return Project.objects.filter(starts_on__lte=on, ends_on__gte=on).order_by("pk")


def _may_forecast(project: Project) -> set[bool]:
    """Return what the leaders of the project may: the page depends on it."""
    return {leader.has_perm("grants.submit_statement", project) for leader in leaders_of(project)}


def _charts_of(project: Project) -> Iterator[Chart]:
    """Yield the charts of a project's measures."""
    for measure in MEASURES:
        chart = months_chart(project, measure) if measure.unit is not Unit.COUNT else None
        if chart is not None:
            yield chart


def _draw(charts: Iterable[Chart]) -> None:
    for chart in charts:
        if not chart.is_empty:
            chart_svg(chart)
