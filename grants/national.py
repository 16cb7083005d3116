"""The activity grant of everybody at once, in one set-based query (D26–D29).

What `grants.entitlement` says of one citizen, said of all of them by the database:

1. Every spell is clipped to allocation, project and cut-off.
2. Its last day is carried over the weekend or holidays that follow it, by a calendar made from
   `jobfirst.calendar`, so that spells with only such days between them adjoin, and `range_agg` joins them
   per citizen and company.
3. The start is the first day of any spell, the completion the first day on which a joined run is long
   enough; each under the terms in force on its day.

A run may end in the days its last spell was carried over. These do not count: where the completion would
fall on one, a spell must reach that far itself. Holes within a tolerance are beyond the query: terms that
have one are reckoned in Python, and `earned` says so by raising ToleranceError.
"""

import datetime
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.models import Project
from companies.models import EMPLOYMENT_KINDS
from grants.entitlement import Terms
from grants.statement import ZERO, Draft, ProjectStatement, compute, frame
from jobfirst.calendar import days, is_working_day

DAY = datetime.timedelta(days=1)

QUERY = """
WITH terms AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(terms)s::jsonb) AS row(
        number int, first_day date, last_day date, kinds text[], needed int, bridge boolean)
), carried AS MATERIALIZED (
    SELECT * FROM unnest(%(off_from)s::date[], %(off_until)s::date[]) AS row(day, until)
), courses AS MATERIALIZED (
    SELECT c.id, c.project_id, greatest(c.started_on, j.starts_on) AS first_day,
           least(j.ends_on, %(cut_off)s) AS last_day
    FROM cases_course c JOIN accounts_project j ON j.id = c.project_id
    WHERE j.id = ANY(%(projects)s)
), spells AS (
    SELECT * FROM (
        SELECT p.course_id, p.company_id, p.kind, greatest(p.starts_on, c.first_day) AS first_day,
               least(coalesce(p.ended_on, p.planned_end_on, 'infinity'), c.last_day) AS last_day
        FROM companies_placement p
        JOIN courses c ON c.id = p.course_id
        WHERE p.starts_on <= %(cut_off)s AND p.kind = ANY(%(kinds)s)
          AND (coalesce(p.ended_on, p.planned_end_on) IS NOT NULL OR p.kind = ANY(%(employment)s))
    ) AS clipped WHERE first_day <= last_day
), runs AS MATERIALIZED (
    SELECT s.course_id, s.company_id, t.number,
           range_agg(daterange(s.first_day,
               CASE WHEN t.bridge THEN coalesce(o.until, s.last_day) ELSE s.last_day END, '[]')) AS joined,
           min(greatest(s.first_day, t.first_day))
               FILTER (WHERE s.last_day >= t.first_day AND s.first_day <= t.last_day) AS starts_on
    FROM spells s
    JOIN terms t ON s.kind = ANY(t.kinds)
    LEFT JOIN carried o ON o.day = s.last_day
    GROUP BY s.course_id, s.company_id, t.number
), starts AS MATERIALIZED (
    SELECT DISTINCT ON (course_id) course_id, number, first_day FROM (
        SELECT course_id, number, min(starts_on) AS first_day
        FROM runs WHERE starts_on IS NOT NULL GROUP BY course_id, number
    ) AS each ORDER BY course_id, number
), reached AS (
    SELECT r.course_id, r.company_id, r.number, t.kinds, upper(run) AS ends_before, day.reached AS on_day
    FROM runs r
    JOIN starts st ON st.course_id = r.course_id
    JOIN terms t ON t.number = r.number
    CROSS JOIN LATERAL unnest(r.joined) AS run
    CROSS JOIN LATERAL (
        SELECT greatest(lower(run) + t.needed - 1, t.first_day, st.first_day) AS reached
    ) AS day
    WHERE day.reached < upper(run) AND day.reached <= t.last_day
), completions AS (
    SELECT DISTINCT ON (course_id) course_id, number, on_day FROM reached x
    WHERE on_day <= %(cut_off)s
      AND (on_day <> ALL(%(off)s::date[]) OR EXISTS (
          SELECT 1 FROM companies_placement p
          WHERE p.course_id = x.course_id AND p.company_id = x.company_id AND p.kind = ANY(x.kinds)
            AND p.starts_on < x.ends_before
            AND coalesce(p.ended_on, p.planned_end_on, 'infinity') >= x.on_day))
    ORDER BY course_id, number, on_day
)
SELECT c.project_id, st.course_id, st.number AS start_terms, st.first_day AS started_on,
       co.number AS completion_terms, co.on_day AS completed_on
FROM starts st
JOIN courses c ON c.id = st.course_id
LEFT JOIN completions co ON co.course_id = st.course_id AND co.on_day <= c.last_day
"""


TOTALS = f"""
SELECT project_id, start_terms, completion_terms, count(*)
FROM ({QUERY}) AS earned GROUP BY project_id, start_terms, completion_terms
"""  # noqa: S608 - QUERY is a constant of this module


class ToleranceError(Exception):
    """The terms tolerate holes, which the query does not know."""


@dataclass(frozen=True, slots=True)
class Earned:
    """What one course has earned: days and kroner; `completed_on` is None while it has not."""

    project_id: int
    course_id: int
    started_on: datetime.date
    start_amount: Decimal
    completed_on: datetime.date | None
    completion_amount: Decimal

    @property
    def total(self) -> Decimal:
        """Kroner in all."""
        return self.start_amount + self.completion_amount


def earned(projects: Iterable[int], cut_off: datetime.date, terms: Sequence[Terms]) -> Iterator[Earned]:
    """What every course of the projects (their ids) has earned up to the cut-off; those with nothing are
    left out. The same as `grants.entitlement.reckon` gives course by course."""
    rows = _rows(terms, cut_off)
    with connection.cursor() as cursor:
        cursor.execute(QUERY, _parameters(list(projects), cut_off, rows))
        for project_id, course_id, number, started_on, completion, completed_on in cursor:
            yield Earned(
                project_id,
                course_id,
                started_on,
                rows[number].start_amount,
                completed_on,
                rows[completion].completion_amount if completion is not None else Decimal("0.00"),
            )


def _rows(terms: Sequence[Terms], cut_off: datetime.date) -> list[Terms]:
    """The terms in force up to the cut-off, in order."""
    rows = sorted((row for row in terms if row.valid_from <= cut_off), key=lambda row: row.valid_from)
    if any(row.tolerance_days for row in rows):
        raise ToleranceError
    return rows


@dataclass(frozen=True)
class ProjectFigures(ProjectStatement):
    """A project's figures without its events."""

    counted_starts: int = 0
    counted_completions: int = 0
    counted_sum: Decimal = ZERO

    @property
    def starts(self) -> int:
        """Starts earned up to the cut-off."""
        return self.counted_starts

    @property
    def completions(self) -> int:
        """Completions earned up to the cut-off."""
        return self.counted_completions

    @property
    def earned_to_date(self) -> Decimal:
        """What is earned to date, in kroner."""
        return self.counted_sum


def figures(year: int, cut_off: datetime.date, projects: Iterable[Project]) -> Draft:
    """The draft's figures for these projects, without events: one query for all citizens.

    Raises NoTermsError as `grants.statement.compute` does, which reckons instead where the terms tolerate
    holes.
    """
    found = frame(cut_off, projects)
    try:
        rows = _rows(found.terms, cut_off)
    except ToleranceError:
        return compute(year, cut_off, found.projects)
    starts: dict[int, int] = defaultdict(int)
    completions: dict[int, int] = defaultdict(int)
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    with connection.cursor() as cursor:
        cursor.execute(TOTALS, _parameters([project.pk for project in found.projects], cut_off, rows))
        for project_id, start, completion, count in cursor:
            starts[project_id] += count
            sums[project_id] += rows[start].start_amount * count
            if completion is not None:
                completions[project_id] += count
                sums[project_id] += rows[completion].completion_amount * count
    return Draft(
        year=year,
        cut_off=cut_off,
        scheme=found.scheme,
        projects=tuple(
            ProjectFigures(
                **found.fields(project),
                lines=(),
                counted_starts=starts[project.pk],
                counted_completions=completions[project.pk],
                counted_sum=sums[project.pk],
            )
            for project in found.projects
        ),
    )


def _parameters(projects: list[int], cut_off: datetime.date, rows: list[Terms]) -> dict[str, Any]:
    off_from, off_until = _carried(rows[0].valid_from, cut_off) if rows else ([], [])
    until = [row.valid_from - DAY for row in rows[1:]] + [cut_off]
    described = [
        {
            "number": number,
            "first_day": row.valid_from.isoformat(),
            "last_day": last.isoformat(),
            "kinds": sorted(row.counting_kinds),
            "needed": row.completion_days,
            "bridge": row.bridge_non_working_days,
        }
        for number, (row, last) in enumerate(zip(rows, until, strict=True))
    ]
    first = rows[0].valid_from if rows else cut_off
    return {
        "terms": json.dumps(described),
        "off_from": off_from,
        "off_until": off_until,
        "off": [day for day in days(first, cut_off) if not is_working_day(day)],
        "cut_off": cut_off,
        "projects": projects,
        "kinds": sorted(frozenset().union(*(row.counting_kinds for row in rows))),
        "employment": list(EMPLOYMENT_KINDS),
    }


def _carried(first: datetime.date, last: datetime.date) -> tuple[list[datetime.date], list[datetime.date]]:
    """Every day that days off follow, and the last of them."""
    found: tuple[list[datetime.date], list[datetime.date]] = ([], [])
    until = last + 15 * DAY
    while not is_working_day(until):
        until += DAY
    carried_to = until - DAY  # the day before a working day is carried nowhere
    for offset in range((until - first).days + 1):
        day = until - DAY - offset * DAY
        if is_working_day(day + DAY):
            carried_to = day
        if carried_to != day:
            found[0].append(day)
            found[1].append(carried_to)
    return found
