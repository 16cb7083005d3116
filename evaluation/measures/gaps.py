"""Gaps (D22): the empty working days of running courses, behind and two weeks ahead.

What fills days is asked of `cases`: the rows of the sections of a course, as its timeline has them. The gaps
are then a subtraction of multiranges in the database, and the same that `cases.rules.gaps` finds day by day.
"""

from __future__ import annotations

import datetime
from functools import lru_cache
from itertools import groupby

from cases.extension_points import sections
from cases.gaps import GAPS_AHEAD
from cases.models import Course
from evaluation.measures.values import Source, Window
from jobfirst import calendar
from jobfirst.dates import DAY, DateSpan, merged

#: No course is older: the gaps of the days before are not asked for.
LONGEST_COURSE_YEARS = 6

# The days of each running course up to the horizon that nothing fills; a pause explains its days (D50).
FREE_DAYS = """
    SELECT course.project_id AS project, course.id AS course,
        datemultirange(daterange(course.started_on, LEAST(course.ended_on, %(gap_horizon)s::date)))
        - COALESCE((
            SELECT range_agg(part.days) FROM (
                SELECT daterange((bar ->> 'first')::date, (bar ->> 'last')::date, '[]') AS days
                FROM unnest({bars}) AS bar
                UNION ALL
                SELECT daterange(pause.starts_on, pause.ends_on, '[]')
                FROM cases_coursepause pause WHERE pause.course_id = course.id
            ) part
        ), '{{}}'::datemultirange) AS days
    FROM cases_course course JOIN ({filled}) filled ON filled.filled_course = course.id
    WHERE course.project_id = ANY(%(projects)s) AND course.started_on <= %(on)s
        AND (course.ended_on IS NULL OR course.ended_on > %(on)s)
"""

# A gap is a run of free days and days off with a working day in it, from its first to its last working day.
GAPS_SQL = """
SELECT gap.project AS project, gap.course AS course, lower(gap.span) AS day, {counts} AS counts,
    gap.working_days::numeric AS amount,
    CASE WHEN upper(gap.span) <= %(on)s THEN 'over' WHEN lower(gap.span) < %(on)s THEN 'now'
        ELSE 'coming' END AS note
FROM (
    SELECT free.project, free.course, range_merge(run.working) AS span,
        (SELECT SUM(upper(part) - lower(part)) FROM unnest(run.working) AS part) AS working_days
    FROM ({free_days}) free
    CROSS JOIN LATERAL (
        SELECT datemultirange(piece) * free.days * %(gap_working_days)s::datemultirange AS working
        FROM unnest(free.days + %(gap_days_off)s::datemultirange) AS piece
    ) run
    WHERE NOT isempty(run.working)
) gap
"""

EMPTY_DAYS_SQL = """
SELECT free.project AS project, free.course AS course, lower(free.empty) AS day,
    NOT isempty(free.empty) AS counts,
    (SELECT COALESCE(SUM(upper(part) - lower(part)), 0) FROM unnest(free.empty) AS part)::numeric AS amount,
    '' AS note
FROM (
    SELECT project, course, days * %(gap_working_days)s::datemultirange
        * datemultirange(daterange(%(first)s::date, %(on)s::date)) AS empty
    FROM ({free_days}) free_day
) free
"""


def gaps(window: Window) -> Source:
    """Return the gaps of the running courses, so far and two weeks ahead; all count, the amount is working
    days."""
    return _source(GAPS_SQL, window, counts="TRUE")


def gaps_ahead(window: Window) -> Source:
    """Return the same gaps; those that go on the day or after it count."""
    return _source(GAPS_SQL, window, counts="upper(gap.span) > %(on)s")


def courses_with_empty_days(window: Window) -> Source:
    """Return the running courses; those with an empty working day in the window count, the amount is how
    many."""
    return _source(EMPTY_DAYS_SQL, window)


def _source(sql: str, window: Window, **parts: str) -> Source:
    horizon = window.on + GAPS_AHEAD + DAY
    bars, filled, parameters = _filled_days()
    parameters |= {"gap_horizon": horizon}
    first = datetime.date(window.on.year - LONGEST_COURSE_YEARS, 1, 1)
    working_days, days_off = _calendar(first, horizon)
    parameters |= {"gap_working_days": working_days, "gap_days_off": days_off}
    return Source(sql.format(free_days=FREE_DAYS.format(bars=bars, filled=filled), **parts), parameters)


def _filled_days() -> tuple[str, str, dict[str, object]]:
    """Return the expression for what fills a course's days, the SELECT that gives it, and its parameters."""
    rows = {
        f"filled_{number}": section.bars.rows for number, section in enumerate(sections()) if section.bars
    }
    courses = Course.objects.order_by().values_list("pk", *rows.values()).query
    sql, values = courses.sql_with_params()
    names = [f"filled_value_{number}" for number in range(len(values))]
    named = sql % tuple(f"%({name})s" for name in names)
    columns = ["filled_course", *rows]
    select = f"SELECT * FROM ({named}) AS filled_row({', '.join(columns)})"  # noqa: S608  # made by Django
    bars = " || ".join(f"filled.{name}::jsonb[]" for name in rows)
    return bars, select, dict(zip(names, values, strict=True))


@lru_cache(maxsize=16)
def _calendar(first: datetime.date, horizon: datetime.date) -> tuple[str, str]:
    """Return the working days and the days off from the first day to before the horizon, as multiranges."""
    days = calendar.days(first, horizon - DAY)
    by_kind: dict[bool, list[DateSpan]] = {True: [], False: []}
    for is_working, run in groupby(days, key=calendar.is_working_day):
        run_days = list(run)
        by_kind[is_working].append(DateSpan(run_days[0], run_days[-1]))
    return _multirange(by_kind[True]), _multirange(by_kind[False])


def _multirange(spans: list[DateSpan]) -> str:
    return "{" + ",".join(f"[{span.first},{span.last_day + DAY})" for span in merged(spans)) + "}"
