"""The charts of the phases and of the ordinary hours over time.

The Monday page shows those of the stored months, so that it neither counts nor draws them: they change once a
month, and the worker draws them. The status of a month counts its days itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dateutil.relativedelta import relativedelta
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import Project
from cases.presentation.phases import PHASE_WORDS
from cases.rules.phases import Phase
from evaluation.measures import hours, work
from evaluation.measures.figures import Trend
from evaluation.measures.registry import ORDINARY_MEAN, PHASES
from evaluation.measures.values import Figure, Source, Unit
from evaluation.summaries.history import age_with, months_with
from jobfirst.charts.values import Chart, ChartKind, ChartSeries
from jobfirst.kit.days import short_month, written_day

MONTHS = 12
SHOWN_PHASES = (Phase.SNIFFING, Phase.INTERNSHIP, Phase.CONTINUED)


def month_days(first: datetime.date, on: datetime.date) -> list[datetime.date]:
    """Return the first days of the months from that after `first`, at most twelve, and the day itself."""
    month = on.replace(day=1)
    days = [month - relativedelta(months=number) for number in range(MONTHS)]
    return [*(day for day in reversed(days) if first < day < on), on]


def trend_sources(days: Sequence[datetime.date]) -> dict[str, Source]:
    """Return the sources of the charts, by the names that `trend_charts` knows."""
    return {"phases_over_time": work.phases_on(days), "hours_over_time": hours.hours_on(days)}


def trend_charts(
    project: Project, days: Sequence[datetime.date], trends: Mapping[str, Trend]
) -> tuple[Chart, Chart]:
    """Return the chart of the phases and that of the ordinary hours."""
    return (
        phases_chart(days, trends["phases_over_time"].get(project.pk, {})),
        hours_chart(days, trends["hours_over_time"].get(project.pk, {})),
    )


def stored_charts(project: Project) -> tuple[Chart, Chart]:
    """Return the same charts of the months that are over, as they were counted at night. `project` is one of
    `with_months`; no query."""
    months, age = months_with(project), age_with(project)
    days = [month.until for month in months[PHASES.code]]
    if not days or age is None:
        return _not_yet(phases_chart), _not_yet(hours_chart)
    charts = [
        make_chart(days, {month.until: month.figure for month in months[measure.code]})
        for make_chart, measure in ((phases_chart, PHASES), (hours_chart, ORDINARY_MEAN))
    ]
    phases, hours_a_week = (replace(chart, note=age.in_words()) for chart in charts)
    return phases, hours_a_week


def _not_yet(make_chart: Callable[..., Chart]) -> Chart:
    """Return the chart without anything to draw."""
    words = _("The chart has the months that are over. They are counted at night.")
    return replace(make_chart([datetime.date.max], {}), categories=[], series=[], sentence=words)


def phases_chart(days: Sequence[datetime.date], trend: Mapping[datetime.date, Figure]) -> Chart:
    """Return how many courses were in each phase on the days."""
    today = trend.get(days[-1], Figure())
    parts = [
        f"{PHASE_WORDS[phase]} {number_format(today.by_note.get(phase, 0))}".lower() for phase in SHOWN_PHASES
    ]
    words = _("On %(day)s %(number)s courses run: %(parts)s.")
    return Chart(
        kind=ChartKind.STACKED,
        title=_("Running courses by phase"),
        sentence=words
        % {
            "day": written_day(days[-1]),
            "number": number_format(today.counted),
            "parts": ", ".join(parts),
        },
        category_title=_("Day"),
        categories=day_names(days),
        series=[
            ChartSeries(PHASE_WORDS[phase], [trend.get(day, Figure()).by_note.get(phase, 0) for day in days])
            for phase in SHOWN_PHASES
        ],
    )


def hours_chart(days: Sequence[datetime.date], trend: Mapping[datetime.date, Figure]) -> Chart:
    """Return the mean of the ordinary hours a week on the days (D20)."""
    means = [trend.get(day, Figure()).value(Unit.MEAN) for day in days]
    known = [(day, mean) for day, mean in zip(days, means, strict=True) if mean is not None]
    sentence = _("Nobody is in internship or work yet.")
    if known:
        words = _("On %(day)s the mean is %(now)s hours a week, on %(first)s it was %(before)s.")
        sentence = words % {
            "day": written_day(known[-1][0]),
            "now": number_format(round(known[-1][1], 1), 1),
            "first": written_day(known[0][0]),
            "before": number_format(round(known[0][1], 1), 1),
        }
    return Chart(
        kind=ChartKind.LINES,
        title=_("Ordinary hours a week of those in internship or work"),
        sentence=sentence,
        category_title=_("Day"),
        categories=day_names(days),
        series=[ChartSeries(_("Mean"), means)],
        unit=_("hours"),
        decimals=1,
    )


def day_names(days: Sequence[datetime.date]) -> list[str]:
    """Return the days as the axis names them: months by their first day, and the last day as today unless a
    month begins on it (of a month that is over)."""
    names = [short_month(day) for day in days]
    return names if days[-1].day == 1 else [*names[:-1], _("today")]
