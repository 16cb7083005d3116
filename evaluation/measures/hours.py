"""Ordinary hours (D20): of the courses in an internship or job on a day, those with ordinary hours."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from evaluation.measures.values import Source, Window

# The hours hold until the next change (companies.rules.agreed_hours): the latest change up to the day, or the
# placement's first hours. The amount is what all placements of the course have together.
SQL = """
SELECT course.project_id AS project, course.id AS course, hours_day.day AS day,
    work.ordinary > 0 AS counts, work.ordinary AS amount, '' AS note
FROM unnest(%({days})s::date[]) AS hours_day(day)
JOIN cases_course course ON course.project_id = ANY(%(projects)s) AND course.started_on <= hours_day.day
    AND (course.ended_on IS NULL OR course.ended_on > hours_day.day)
JOIN LATERAL (
    SELECT SUM(COALESCE(
        (SELECT change.ordinary_hours FROM companies_hourschange change
            WHERE change.placement_id = placement.id AND change.from_on <= hours_day.day
            ORDER BY change.from_on DESC LIMIT 1),
        placement.ordinary_hours
    )) AS ordinary
    FROM companies_placement placement
    WHERE placement.course_id = course.id AND placement.withdrawn_at IS NULL
        AND placement.kind <> 'sniffing' AND placement.starts_on <= hours_day.day
        AND (COALESCE(placement.ended_on, placement.planned_end_on) IS NULL
            OR COALESCE(placement.ended_on, placement.planned_end_on) >= hours_day.day)
) work ON work.ordinary IS NOT NULL
"""


def ordinary_hours(window: Window) -> Source:
    """Return the courses in internship, wage subsidy or employment on the day; those with ordinary hours
    count, the amount is ordinary hours a week."""
    return Source(SQL.format(days="hours_day"), {"hours_day": [window.on]})


def hours_on(days: Sequence[datetime.date]) -> Source:
    """Return the same on each of several days, for a trend."""
    return Source(SQL.format(days="hours_days"), {"hours_days": list(days)})
