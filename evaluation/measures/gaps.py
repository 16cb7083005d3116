"""Gaps (D22): the empty working days of running courses, behind and two weeks ahead.

What fills days is asked of `cases`: the rows of the sections of a course, as its timeline has them. The gaps
are then a subtraction of multiranges in the database, and the same that `cases.rules.gaps` finds day by day.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

from cases.extension_points import sections
from cases.gaps import GAPS_AHEAD
from cases.models import Course
from evaluation.measures.values import Source, Window
from jobfirst.values import working_days
from jobfirst.values.dates import DAY

#: No course is older: the gaps of the days before are not asked for.
LONGEST_COURSE_YEARS = 6

# The days of each running course up to the horizon that nothing fills; a pause explains its days (D50).
FREE_DAYS = """
    SELECT course.project_id AS project, course.id AS course,
        datemultirange(daterange(
            GREATEST(course.started_on, %(gap_base)s::date), LEAST(course.ended_on, %(gap_horizon)s::date)
        ))
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

# The days are counted in working days: `ordinal` is how many lie before a day, so that a run of free days has
# the working days from `before` to `after`, and two runs with only days off between them are one gap.
RUNS = """
    SELECT free.project, free.course, run.before, run.after
    FROM ({free_days}) free {join} JOIN LATERAL (
        SELECT (%(gap_ordinals)s::int[])[lower(part) - %(gap_base)s::date + 1] AS before,
            (%(gap_ordinals)s::int[])[upper(part) - %(gap_base)s::date + 1] AS after
        FROM unnest({days}) AS part
    ) run ON run.after > run.before
"""

# A gap is a run of free days and days off with a working day in it, from its first to its last working day.
GAPS_SQL = """
SELECT gap.project AS project, gap.course AS course, gap.first AS day, {counts} AS counts,
    gap.working_days::numeric AS amount,
    CASE WHEN gap.last < %(on)s THEN 'over' WHEN gap.first < %(on)s THEN 'now' ELSE 'coming' END AS note
FROM (
    SELECT project, course, (%(gap_working_days)s::date[])[MIN(before) + 1] AS first,
        (%(gap_working_days)s::date[])[MAX(after)] AS last, SUM(after - before) AS working_days
    FROM (
        SELECT begun.*, COUNT(*) FILTER (WHERE begins) OVER (PARTITION BY course ORDER BY before) AS number
        FROM (
            SELECT run.*,
                before IS DISTINCT FROM LAG(after) OVER (PARTITION BY course ORDER BY before) AS begins
            FROM ({runs}) run
        ) begun
    ) numbered
    GROUP BY project, course, number
) gap
"""

EMPTY_DAYS_SQL = """
SELECT project, course, (%(gap_working_days)s::date[])[MIN(before) + 1] AS day,
    COUNT(before) > 0 AS counts, COALESCE(SUM(after - before), 0)::numeric AS amount, '' AS note
FROM ({runs}) run GROUP BY project, course
"""


def gaps(window: Window) -> Source:
    """Return the gaps of the running courses, so far and two weeks ahead; all count, the amount is working
    days."""
    return _source(GAPS_SQL, window, counts="TRUE")


def gaps_ahead(window: Window) -> Source:
    """Return the same gaps; those that go on the day or after it count."""
    return _source(GAPS_SQL, window, counts="gap.last >= %(on)s")


def courses_with_empty_days(window: Window) -> Source:
    """Return the running courses; those with an empty working day in the window count, the amount is how
    many."""
    days = "free.days * datemultirange(daterange(%(first)s::date, %(on)s::date))"
    return _source(EMPTY_DAYS_SQL, window, days=days, join="LEFT")


def _source(
    sql: str, window: Window, *, counts: str = "", days: str = "free.days", join: str = "INNER"
) -> Source:
    horizon = window.on + GAPS_AHEAD + DAY
    bars, filled, parameters = _filled_days()
    base = datetime.date(window.on.year - LONGEST_COURSE_YEARS, 1, 1)
    workdays, ordinals = _calendar(base, horizon)
    parameters |= {
        "gap_horizon": horizon,
        "gap_base": base,
        "gap_working_days": workdays,
        "gap_ordinals": ordinals,
    }
    free_days = FREE_DAYS.format(bars=bars, filled=filled)
    runs = RUNS.format(free_days=free_days, days=days, join=join)
    return Source(sql.format(runs=runs, counts=counts), parameters)


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
    select = f"SELECT * FROM ({named}) AS filled_row({', '.join(columns)})"  # noqa: S608  # made by Django  # nosec B608
    bars = " || ".join(f"filled.{name}::jsonb[]" for name in rows)
    return bars, select, dict(zip(names, values, strict=True))


@lru_cache(maxsize=16)
def _calendar(base: datetime.date, horizon: datetime.date) -> tuple[list[datetime.date], list[int]]:
    """Return the working days from the base to before the horizon, and for each day up to the horizon how
    many of them lie before it."""
    workdays: list[datetime.date] = []
    ordinals = []
    for day in working_days.days(base, horizon):
        ordinals.append(len(workdays))
        if working_days.is_working_day(day):
            workdays.append(day)
    return workdays, ordinals
