"""The status of a project for a month: the figures of the month, its charts, and its steering group (PDF)."""

import datetime
from typing import Any

from accounts.models import Project
from evaluation.measures.figures import figures_and_trends
from evaluation.measures.values import Window
from evaluation.monday.trends import month_days, trend_charts, trend_sources
from evaluation.steering.agenda import DECISIONS, MEASURES, GroupFacts, open_decisions, prepared_points
from evaluation.steering.areas import members_by_area
from evaluation.steering.models import SteeringMeeting
from jobfirst.exchange.rows import iso_month
from jobfirst.values.dates import DAY, MONTH

TEMPLATE = "evaluation/month_status_pdf.html"


def month_of(text: str, project: Project, today: datetime.date) -> datetime.date | None:
    """Return the first day of the month written as `2016-05`, by default of the last one of the project that
    is over.

    None for another text, and for a month that has not begun or lies outside of the project.
    """
    first, last = project.starts_on.replace(day=1), min(today, project.ends_on)
    if text:
        month = iso_month(text)
    else:
        over = today.replace(day=1) - MONTH
        month = max(first, min(over, project.ends_on.replace(day=1)))
    return month if month is not None and first <= month <= last else None


def status_context(project: Project, month: datetime.date, today: datetime.date) -> dict[str, Any]:
    """Return what the status shows: what fell due in the month, and what stood on its last day; of a month
    that runs, on the day itself."""
    after = month + MONTH
    on = min(after, today)
    window = Window(month, on)
    days = month_days(project.starts_on, on)
    counted, trends = figures_and_trends(
        dict.fromkeys(MEASURES, window), trend_sources(days), [project], window
    )
    decisions = open_decisions(project)
    by_code = {code: by_project[project.pk] for code, by_project in counted.items()}
    facts = GroupFacts(project, on, by_code, decisions)
    meetings = SteeringMeeting.objects.counting().filter(project=project)
    held = meetings.filter(day__lte=on)  # type: ignore[misc]  # an annotation of counting()
    days_met = held.order_by("-day").values_list("day", flat=True)  # type: ignore[misc]  # an annotation of counting()
    return {
        "project": project,
        "month": month,
        "is_running": today < after,
        "as_of": min(after - DAY, today),
        "points": [point for point in prepared_points(facts) if point.code != DECISIONS],
        "charts": trend_charts(project, days, trends),
        "measures": MEASURES,
        "decisions": decisions,
        "missing": [area.missing for area in members_by_area(project, on) if area.missing],
        "last_met": days_met.first(),
    }


def status_name(project: Project, month: datetime.date) -> str:
    """Return the name of the file."""
    return f"status-{project.slug}-{month:%Y-%m}.pdf"
