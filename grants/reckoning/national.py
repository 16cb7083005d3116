"""The activity grant of all citizens in one set-based query (D26–D29).

The database does for all citizens what `grants.rules.entitlement` does for one:

1. Every spell is clipped to allocation, project and cut-off, and carried over the weekend or holidays that
   follow its last day, by a calendar made from `jobfirst.calendar`.
2. The spells of a course are laid on one line, company after company: arrays in the order of an index that
   holds all that is needed of them.
3. The line is walked one step for each spell, for all courses at once: a spell that begins later than the
   day after those before it are carried to begins a run; a run is long enough on the first spell that
   reaches its last day needed. The days a spell is carried over are never its own, so that a completion
   on one of them needs a spell after them.
4. The start is the first day of any spell; start and completion fall under the terms of their day.

That takes about two thirds of the time of `range_agg`, which joins the spells as well, but whose runs must
then be unfolded and searched. The walk has so many steps as most courses have spells at most; the few that
have more are walked again, with as many steps as they need. Terms that join and complete alike, so that only
their amounts differ, are reckoned in one go; others each in their own, over the same spells.

The courses are taken in several parts by their ids, for PostgreSQL to share between its processes, which it
does with neither window functions nor correlated subqueries in a part. There are none.

Holes within a tolerance are beyond the query: for such terms it raises ToleranceError, and the caller reckons
in Python.
"""

import datetime
import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db import connection

from accounts.models import Project
from grants.reckoning.compute import compute
from grants.reckoning.frame import fetch_frame
from grants.reckoning.participation import bounds_by_course
from grants.reckoning.statement import ZERO, ProjectStatement, StatementView
from grants.rules.values import EntitlementTerms
from jobfirst.calendar import days, is_working_day

DAY = datetime.timedelta(days=1)

#: How many spells of a course are walked at first.
STEPS = 6
#: In how many parts the courses are reckoned if their ids span at least WORTH_PARTS: the default number of
#: processes of a PostgreSQL query. More parts made worse plans.
PARTS, WORTH_PARTS = 3, 20_000

# Days are numbered from the first day of the earliest project. A place on the line is a day's number in the
# lower 20 bits and the company above them, so that runs at two companies never touch. A placement without
# any end is an employment (the table sees to that) and goes on. `through` holds for each day off the last of
# the days off it belongs to, for any other day the day before it.
#
# OFFSET keeps the planner from copying an expression to every place that names it (each step would double
# the ones before); written as a constant of its own type, it does not keep parts from running side by side.
LINES = """
SELECT course_id, min(project_id) AS project_id, count(*) AS spells,
       min(greatest(first, {since})) FILTER (WHERE last >= {since} AND first <= {until}) AS started,
       array_agg(company + first) AS firsts, array_agg(company + last) AS lasts,
       array_agg(company + ({through})[last + 2]) AS carried
FROM (
    SELECT p.course_id, c.project_id, p.company_id << 20 AS company,
           greatest(p.starts_on, c.first_day) - %(first_day)s::date AS first,
           least(coalesce(p.ended_on, p.planned_end_on, 'infinity'), c.last_day) - %(first_day)s::date AS last
    FROM companies_placement p
    JOIN (
        SELECT c.id, c.project_id, greatest(c.started_on, j.starts_on) AS first_day,
               least(j.ends_on, %(cut_off)s{leaving}) AS last_day
        FROM cases_course c JOIN accounts_project j ON j.id = c.project_id{left}
        WHERE j.id = ANY(%(projects)s) AND c.id {part}
        ORDER BY c.id OFFSET bigint '0'
    ) AS c ON c.id = p.course_id
    WHERE p.withdrawn_at IS NULL AND p.kind = ANY({kinds}) AND p.course_id {part}
    ORDER BY p.course_id, p.company_id, p.starts_on OFFSET bigint '0'
) AS clipped
WHERE first <= last GROUP BY course_id
"""
# The few days on which citizens left the trial are values of the query; most trials have none yet.
LEAVING = ", gone.day"
LEFT = """
        LEFT JOIN unnest(%(left)s::bigint[], %(left_on)s::date[]) AS gone(course_id, day)
        ON gone.course_id = c.id"""
# The first day, the lowest and the highest id of a course, and the ledger events of the allocations.
EXTENT = """
SELECT (SELECT min(starts_on) FROM accounts_project WHERE id = ANY(%(projects)s)), min(id), max(id), (
    SELECT jsonb_agg(jsonb_build_object('course', c.id, 'kind', e.kind, 'on', e.happened_on))
    FROM randomization_allocationevent e
    JOIN randomization_allocation a ON a.id = e.allocation_id
    JOIN cases_course c ON c.citizen_id = a.citizen_id
    WHERE c.project_id = ANY(%(projects)s)
) FROM cases_course
"""
NEVER = datetime.date.min
# `on_day` is the day the run is long enough, `joins_until` the last day that spells are carried to. A spell
# is held against `on_day` one step later. What a course has no spell for is NULL, and changes nothing.
BEGIN = """
SELECT course_id, project_id, spells, started, firsts, lasts, carried,
       greatest((firsts[1] & 1048575) + {needed} - 1, {since}) AS on_day, carried[1] AS joins_until,
       NULL::bigint AS reached
FROM ({lines}) AS lines OFFSET bigint '0'
"""
STEP = """
SELECT course_id, project_id, spells, started, firsts, lasts, carried,
       CASE WHEN firsts[{step}] > joins_until + 1
            THEN greatest((firsts[{step}] & 1048575) + {needed} - 1, {since}) ELSE on_day END AS on_day,
       greatest(joins_until, carried[{step}]) AS joins_until,
       least(reached, CASE WHEN (lasts[{step} - 1] & 1048575) >= on_day THEN on_day END) AS reached
FROM ({before}) AS before_{step} OFFSET bigint '0'
"""
PART = """
SELECT course_id, project_id, spells, %(first_day)s::date + started AS started_on,
       %(first_day)s::date + reached::int AS reached_on,
       %(first_day)s::date + {until} AS until
FROM (
    SELECT course_id, project_id, spells, started,
           least(reached, CASE WHEN (lasts[{steps}] & 1048575) >= on_day THEN on_day END) AS reached
    FROM ({walked}) AS walked
) AS ended
"""

# A completion is never before the start: where new terms begin in a bridged hole, the run may be long enough
# on a day before any spell counts.
ALIKE = """
SELECT project_id, course_id, spells, started_on,
       CASE WHEN reached_on IS NOT NULL THEN greatest(reached_on, started_on) END AS completed_on
FROM ({parts}) AS parts WHERE started_on IS NOT NULL
"""
DIFFERING = """
SELECT min(project_id) AS project_id, course_id, max(spells) AS spells, min(started_on) AS started_on,
       min(greatest(reached_on, first_start)) FILTER (
           WHERE reached_on IS NOT NULL AND greatest(reached_on, first_start) <= until) AS completed_on
FROM (
    SELECT *, min(started_on) OVER (PARTITION BY course_id) AS first_start FROM ({parts}) AS parts
) AS known
WHERE first_start IS NOT NULL GROUP BY course_id
"""
NOTHING = """
SELECT NULL::int AS project_id, NULL::int AS course_id, 0 AS spells, NULL::date AS started_on,
       NULL::date AS completed_on WHERE false
"""
# The numbers of the rows of terms; the planner sees it when there is but one.
TOTALS = """
SELECT project_id, CASE WHEN cardinality(%(since)s::date[]) = 1 THEN 1
                        ELSE width_bucket(started_on, %(since)s::date[]) END AS start,
       CASE WHEN completed_on IS NULL THEN NULL WHEN cardinality(%(since)s::date[]) = 1 THEN 1
            ELSE width_bucket(completed_on, %(since)s::date[]) END AS completion,
       count(*) FILTER (WHERE spells <= {steps}), array_agg(course_id) FILTER (WHERE spells > {steps})
FROM ({earned}) AS earned GROUP BY project_id, start, completion
"""


class ToleranceError(Exception):
    """The terms tolerate holes, which the query cannot reckon."""


@dataclass(frozen=True, slots=True)
class EarnedByCourse:
    """What one course has earned: days and kroner; `completed_on` is None without a completion."""

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


def earned(
    projects: Iterable[int], cut_off: datetime.date, terms: Sequence[EntitlementTerms]
) -> Iterator[EarnedByCourse]:
    """Yield what every course of the projects (ids) with a start has earned up to the cut-off.

    The same as `grants.rules.entitlement.reckon` gives course by course. Raises ToleranceError.
    """
    rows = _rows(terms, cut_off)
    since = [row.valid_from for row in rows]
    for project_id, course_id, started_on, completed_on in _dates(list(projects), cut_off, rows):
        completion = rows[bisect_right(since, completed_on) - 1] if completed_on else None
        yield EarnedByCourse(
            project_id,
            course_id,
            started_on,
            rows[bisect_right(since, started_on) - 1].start_amount,
            completed_on,
            completion.completion_amount if completion else ZERO,
        )


def totals(
    projects: Iterable[int], cut_off: datetime.date, terms: Sequence[EntitlementTerms]
) -> Iterator[tuple[int, EntitlementTerms, EntitlementTerms | None, int]]:
    """Yield project id, terms of the start, terms of the completion (None without one), number of courses.

    A project may be repeated with the same terms. Raises ToleranceError.
    """
    project_ids, rows = list(projects), _rows(terms, cut_off)
    query, values = _query(project_ids, cut_off, rows)
    since = [row.valid_from for row in rows]
    longer: list[int] = []
    with connection.cursor() as cursor:
        cursor.execute(TOTALS.format(steps=STEPS, earned=query), {**values, "since": since})
        for project_id, start, completion, count, left in cursor.fetchall():
            longer += left or []
            yield project_id, rows[start - 1], rows[completion - 1] if completion else None, count
    for project_id, _course, started_on, completed_on in _dates(project_ids, cut_off, rows, longer):
        completion = rows[bisect_right(since, completed_on) - 1] if completed_on else None
        yield project_id, rows[bisect_right(since, started_on) - 1], completion, 1


def _dates(
    projects: list[int],
    cut_off: datetime.date,
    rows: list[EntitlementTerms],
    courses: list[int] | None = None,
) -> Iterator[tuple[int, int, datetime.date, datetime.date | None]]:
    """Yield project, course, start and completion of every course with a start, or of the given courses."""
    if courses == []:
        return
    query, values = _query(projects, cut_off, rows, courses)
    longer = []
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        for project_id, course_id, spells, started_on, completed_on in cursor:
            if courses is None and spells > STEPS:
                longer.append(course_id)
            else:
                yield project_id, course_id, started_on, completed_on
    yield from _dates(projects, cut_off, rows, longer)


def _rows(terms: Sequence[EntitlementTerms], cut_off: datetime.date) -> list[EntitlementTerms]:
    """Return the terms that begin by the cut-off, in order. Raises ToleranceError."""
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


def figures(year: int, cut_off: datetime.date, projects: Iterable[Project]) -> StatementView:
    """Return the draft's figures for these projects, without events: one query for all citizens.

    Raises NoTermsError. Where the terms tolerate holes, `grants.reckoning.compute.compute` reckons instead.
    """
    frame = fetch_frame(cut_off, projects)
    starts: dict[int, int] = defaultdict(int)
    completions: dict[int, int] = defaultdict(int)
    sums: dict[int, Decimal] = defaultdict(lambda: ZERO)
    try:
        for project_id, start, completion, count in totals(
            [project.pk for project in frame.projects], cut_off, frame.dated_terms
        ):
            starts[project_id] += count
            sums[project_id] += start.start_amount * count
            if completion:
                completions[project_id] += count
                sums[project_id] += completion.completion_amount * count
    except ToleranceError:
        return compute(year, cut_off, frame.projects)
    return StatementView(
        year=year,
        cut_off=cut_off,
        terms=frame.terms,
        projects=tuple(
            ProjectFigures(
                **frame.project_fields(project),
                lines=(),
                counted_starts=starts[project.pk],
                counted_completions=completions[project.pk],
                counted_sum=sums[project.pk],
            )
            for project in frame.projects
        ),
    )


def _query(
    projects: list[int],
    cut_off: datetime.date,
    rows: list[EntitlementTerms],
    courses: list[int] | None = None,
) -> tuple[str, dict[str, Any]]:
    """Return the query of every course with a start, and its values.

    Its columns are project id, course id, number of spells, start and completion. Given `courses` are walked
    to their last spell, others STEPS spells far.
    """
    with connection.cursor() as cursor:
        cursor.execute(EXTENT, {"projects": projects})
        first_day, lowest, highest, ledger_events = cursor.fetchone()
    steps = _most_spells(courses) if courses else STEPS
    if not rows or first_day is None or lowest is None:
        return NOTHING, {}
    stretches = [list(alike) for _key, alike in groupby(rows, key=_joins_like)]
    following = [stretch[0].valid_from - DAY for stretch in stretches[1:]]
    values = {"projects": projects, "cut_off": cut_off, "first_day": first_day, "courses": courses}
    bounds = bounds_by_course(json.loads(ledger_events) if ledger_events else [])
    values["left"] = list(bounds)
    values["left_on"] = [NEVER if bound.void else bound.ends_on for bound in bounds.values()]
    parts = []
    for number, (stretch, until) in enumerate(zip(stretches, [*following, cut_off], strict=True)):
        terms = stretch[0]
        values |= {
            f"since_{number}": (terms.valid_from - first_day).days,
            f"until_{number}": (until - first_day).days,
            f"needed_{number}": terms.completion_days,
            f"kinds_{number}": sorted(terms.counting_kinds),
            f"through_{number}": _through(first_day, cut_off, terms.bridge_non_working_days),
        }
        ranges = ["= ANY(%(courses)s)"] if courses else _parts(lowest, highest)
        parts += [_part(number, part, steps, bounded=bool(bounds)) for part in ranges]
    query = ALIKE if len(stretches) == 1 else DIFFERING
    return query.format(parts=" UNION ALL ".join(parts)), values


def _most_spells(courses: list[int]) -> int:
    """Return the number of spells of the course that has most."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM companies_placement WHERE course_id = ANY(%s) "
            "GROUP BY course_id) AS counted",
            [courses],
        )
        (most,) = cursor.fetchone()
    return int(most)


def _joins_like(terms: EntitlementTerms) -> tuple[object, ...]:
    return terms.counting_kinds, terms.bridge_non_working_days, terms.completion_days


def _parts(lowest: int, highest: int) -> Iterator[str]:
    """Yield the condition on course ids of each part."""
    parts = PARTS if highest - lowest >= WORTH_PARTS else 1
    size = (highest - lowest) // parts + 1
    for first in range(lowest, highest + 1, size):
        yield f"BETWEEN {first} AND {first + size - 1}"


def _part(number: int, part: str, steps: int, *, bounded: bool) -> str:
    leaving, left = (LEAVING, LEFT) if bounded else ("", "")
    names = {name: f"%({name}_{number})s::int" for name in ("since", "until", "needed")}
    names |= {"kinds": f"%(kinds_{number})s", "through": f"%(through_{number})s::int[]"}
    query = BEGIN.format(lines=LINES.format(part=part, leaving=leaving, left=left, **names), **names)
    for step in range(2, steps + 1):
        query = STEP.format(step=step, before=query, **names)
    return PART.format(walked=query, steps=steps, **names)


def _through(first: datetime.date, cut_off: datetime.date, bridge: bool) -> list[int]:
    """Return a day number for every day from the first to the working day after the cut-off.

    For a day off it is the last day of its run of days off, for a working day the day before it. Without
    `bridge` every day is treated as a working day.
    """
    end = cut_off + DAY
    while not is_working_day(end):
        end += DAY
    numbers = [(end - first).days - 1]
    for day in reversed(list(days(first, end - DAY))):
        numbers.append((day - first).days - 1 if is_working_day(day) or not bridge else numbers[-1])
    return numbers[::-1]
