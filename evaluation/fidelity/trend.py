"""The core elements over time: the share of the begun courses that met each at the end of every month.

The months are the stored ones (`evaluation.summaries`): they change once a month, so the night draws them.
"""

from __future__ import annotations

import datetime
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Project
from cases.elements.names import ELEMENT_NAMES
from evaluation.measures.registry import ELEMENTS_MET, NINE_ELEMENTS
from evaluation.monday.trends import MONTHS, day_names
from evaluation.summaries.history import age_with, months_with, with_months
from jobfirst.charts.cached_html import cached_html
from jobfirst.charts.drawing import small_multiples
from jobfirst.charts.values import Chart, ChartKind, ChartSeries
from jobfirst.kit.days import written_day


def with_element_months(projects: QuerySet[Project], on: datetime.date) -> QuerySet[Project]:
    """Return the projects with the months of the charts, the last twelve that are over."""
    return with_months(projects, (ELEMENTS_MET, NINE_ELEMENTS), on - relativedelta(months=MONTHS))


def drawn_charts(project: Project) -> SafeString:
    """Return the charts as HTML, cached by what they show. `project` is one of `with_element_months`; no
    query."""
    age = age_with(project)
    note = age.in_words() if age else ""
    months = project.stored_months  # type: ignore[attr-defined]  # annotated
    return cached_html(
        "evaluation/element_charts.html",
        (note, months),
        lambda: {"charts": month_charts(project), "note": note},
    )


def month_charts(project: Project) -> list[Chart]:
    """Return a small chart for each element: the share that met it at the end of each month; none before the
    first night."""
    months = months_with(project)
    begun = {month.until: month.figure.rows for month in months[NINE_ELEMENTS.code]}
    met = {month.until: month.figure.by_note for month in months[ELEMENTS_MET.code]}
    days = list(begun)
    if not days:
        return []
    charts = []
    for element, name in ELEMENT_NAMES.items():
        numbers = {day: met.get(day, {}).get(str(element), 0) for day in days}
        charts.append(
            Chart(
                kind=ChartKind.LINES,
                title=f"{element} {name}",
                sentence=_sentence(days[-1], numbers[days[-1]], begun[days[-1]]),
                category_title=_("Day"),
                categories=day_names(days),
                series=[
                    ChartSeries(
                        _("Met, of the begun courses"), [_share(numbers[day], begun[day]) for day in days]
                    )
                ],
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
