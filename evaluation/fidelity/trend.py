"""The core elements over time: the share of the begun courses that meet each on the first of every month."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db import connection
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from accounts.models import Project
from cases.elements.names import ELEMENT_NAMES
from evaluation.monday.trends import day_names, month_days
from jobfirst.charts.drawing import small_multiples
from jobfirst.charts.values import Chart, ChartKind, ChartSeries
from jobfirst.kit.days import written_day

#: The states are stored by day, so that the past is read as it was.
SQL = """
SELECT trend_day.day, element.element, COUNT(*)
FROM unnest(%(days)s::date[]) AS trend_day(day)
JOIN cases_courseelement element ON element.state = 'met' AND element.from_on <= trend_day.day
    AND (element.until_on IS NULL OR element.until_on >= trend_day.day)
JOIN cases_course course ON course.id = element.course_id AND course.project_id = %(project)s
GROUP BY trend_day.day, element.element
UNION ALL
SELECT trend_day.day, 0, COUNT(*)
FROM unnest(%(days)s::date[]) AS trend_day(day)
JOIN cases_course course ON course.project_id = %(project)s AND course.started_on <= trend_day.day
GROUP BY trend_day.day
"""


def month_charts(project: Project, on: datetime.date) -> list[Chart]:
    """Return the charts of the firsts of the last months: they change once a month, so the night draws them.

    A project that began this month has the day itself.
    """
    days = month_days(project.starts_on, on)
    days = days[:-1] or days
    return trend_charts(project, days, day_names(days))


def trend_charts(project: Project, days: Sequence[datetime.date], names: Sequence[str]) -> list[Chart]:
    """Return a small chart for each element: the share that meets it on the days; one query."""
    with connection.cursor() as cursor:
        cursor.execute(SQL, {"days": list(days), "project": project.pk})
        counts = {(day, element): number for day, element, number in cursor.fetchall()}
    charts = []
    for element, name in ELEMENT_NAMES.items():
        shares = [_share(counts.get((day, element), 0), counts.get((day, 0), 0)) for day in days]
        charts.append(
            Chart(
                kind=ChartKind.LINES,
                title=f"{element} {name}",
                sentence=_sentence(
                    days[-1], counts.get((days[-1], element), 0), counts.get((days[-1], 0), 0)
                ),
                category_title=_("Day"),
                categories=names,
                series=[ChartSeries(_("Met, of the begun courses"), shares)],
                unit="%",
                top=100,
            )
        )
    return small_multiples(charts)


def _share(number: int, total: int) -> Decimal | None:
    return Decimal(100 * number) / total if total else None


def _sentence(day: datetime.date, number: int, total: int) -> str:
    return _("On %(day)s met by %(number)s of %(total)s courses.") % {
        "day": written_day(day),
        "number": number_format(number),
        "total": number_format(total),
    }
