"""The activity grant of everybody: `python -m bench.entitlement 600 20000` (D26–D30).

At each number of citizens, with five spells each: what the database takes for the query of the national
overview, as a multiple of a bare aggregate over the table of events; the whole overview beside it, with
terms, awards, approved statements and what Python does; and how long it takes to store the events and to
check them against the spells. The sums must be those of a reckoning citizen by citizen, to the krone.

The rows lie in tables of a schema of their own, with the columns and indexes of the real ones, before which
they stand for as long as it runs: nothing of them is kept. What is compared takes turns, in one session.
"""

import argparse
import datetime
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from jobfirst.row_security.context import all_projects

PROJECT = Path(__file__).resolve().parent.parent
SIZES, SPELLS, PROJECTS = (600, 20_000), 5, 13
CUT_OFF = datetime.date(2017, 12, 31)
BEGIN, END = datetime.date(2016, 1, 1), datetime.date(2017, 12, 31)

FILL = (
    """
    INSERT INTO accounts_project (id, slug, name, starts_on, ends_on, target_count)
    SELECT n, 'p' || n, 'P' || n, %(begin)s, %(end)s, 8000 FROM generate_series(1, %(projects)s) AS n
    """,
    """
    INSERT INTO cases_citizen (id, public_id, pseudonym)
    SELECT n, gen_random_uuid(), 'JF-' || n FROM generate_series(1, %(citizens)s) AS n
    """,
    """
    INSERT INTO cases_course (id, public_id, citizen_id, project_id, started_on)
    SELECT n, gen_random_uuid(), n, 1 + n %% %(projects)s, date '2016-01-10' + n %% 200
    FROM generate_series(1, %(citizens)s) AS n
    """,
    """
    INSERT INTO companies_company (id, cvr, name)
    SELECT n, (10000000 + n)::text, 'Virksomhed ' || n FROM generate_series(0, 9999) AS n
    """,
    # Spells of 5 to 100 days, one after the other; most at one of two companies, with holes of -3 to 5 days.
    """
    INSERT INTO companies_placement (id, public_id, kind, starts_on, planned_end_on, course_id, company_id)
    SELECT row_number() OVER (), gen_random_uuid(), 'internship', first_day, first_day + days, course,
           2 * (course %% 5000) + company
    FROM (
        SELECT course, company, days, date '2016-01-15' + (course %% 200)
               + (sum(days + hole) OVER (PARTITION BY course ORDER BY number) - days - hole)::int AS first_day
        FROM (
            SELECT course, number, 5 + floor(random() * 95)::int AS days,
                   floor(random() * 9)::int - 3 AS hole, (random() < 0.2)::int AS company
            FROM generate_series(1, %(citizens)s) AS course, generate_series(1, %(spells)s) AS number
        ) AS drawn
    ) AS placed
    """,
)
BARE = """
SELECT project_id, count(*) FILTER (WHERE kind = 'start'), count(*) FILTER (WHERE kind = 'completion'),
       sum(amount)
FROM grants_earnedevent GROUP BY project_id
"""
SCHEMA = "bench_entitlement"
TABLES = (
    "accounts_project",
    "cases_citizen",
    "cases_course",
    "companies_company",
    "companies_placement",
    "grants_earnedevent",
)
ROUNDS = 101


@contextmanager
def prepared(citizens: int) -> Iterator[None]:
    """Tables of their own, filled and indexed, first on the search path; dropped afterwards."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        try:
            cursor.execute(f"SET search_path = {SCHEMA}, public")
            fill(cursor, citizens)
            yield
        finally:
            cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def fill(cursor, citizens: int) -> None:
    """Make and fill the tables, the same every time; the events are stored later."""
    cursor.execute("SELECT setseed(0.42)")
    for table in TABLES:
        like = f"LIKE public.{table} INCLUDING INDEXES INCLUDING IDENTITY"
        cursor.execute(f"CREATE UNLOGGED TABLE {SCHEMA}.{table} ({like})")
        if table != "grants_earnedevent":
            for column in required_columns(cursor, table):
                cursor.execute(f"ALTER TABLE {SCHEMA}.{table} ALTER COLUMN {column} DROP NOT NULL")
            cursor.execute(f"ALTER TABLE {SCHEMA}.{table} ALTER COLUMN id DROP IDENTITY IF EXISTS")
    values = {"begin": BEGIN, "end": END, "projects": PROJECTS, "citizens": citizens, "spells": SPELLS}
    for query in FILL:
        cursor.execute(query, values)
    for table in TABLES:
        cursor.execute(f"VACUUM ANALYZE {SCHEMA}.{table}")


def required_columns(cursor, table: str) -> list[str]:
    """Return the NOT NULL columns of a table, beside the key."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull AND attnum > 0",
        [f"public.{table}"],
    )
    return [name for (name,) in cursor.fetchall() if name != "id"]


def measure_in_turns(actions: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median of each action's time, in seconds, over rounds in which every one has its turn."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _round in range(ROUNDS):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def seconds_of(action: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def compare(citizens: int) -> bool:
    """Print the times and ratios; return whether the sums are those of the reckoning one by one."""
    from django.db import connection

    from accounts.models import Project
    from grants.reckoning.overview import fetch_totals, figures, totals_by_project
    from grants.storage import stored_events

    storing = seconds_of(stored_events.recompute)
    checking = seconds_of(stored_events.differences)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {SCHEMA}.grants_earnedevent")
    projects = list(Project.objects.all())

    query, parameters = totals_by_project(projects, CUT_OFF).query.sql_with_params()

    def run(query: str, parameters: tuple[object, ...] = ()) -> None:
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            cursor.fetchall()

    measured = measure_in_turns(
        {
            "bare aggregate": lambda: run(BARE),
            "the overview's query": lambda: run(query, parameters),
            "the whole overview": lambda: figures(CUT_OFF.year, CUT_OFF, projects),
        }
    )
    print(f"{citizens:,} citizens, {citizens * SPELLS:,} spells")
    for name, seconds in measured.items():
        print(f"  {name:<21} {seconds * 1e3:8.2f} ms   ratio {seconds / measured['bare aggregate']:.2f}")
    print(f"  {'storing all events':<21} {storing * 1e3:8.0f} ms")
    print(f"  {'checking all events':<21} {checking * 1e3:8.0f} ms")
    totals = fetch_totals(projects, CUT_OFF)
    stored = {project_id: total.earned for project_id, total in totals.items()}
    reckoned = reckon_one_by_one()
    print(f"  {sum(reckoned.values()):,.0f} kroner, {'the same' if stored == reckoned else 'NOT the same'}")
    return stored == reckoned


def reckon_one_by_one() -> dict[int, Decimal]:
    """What the citizens of every project have earned, by a reckoning with this cut-off."""
    from dataclasses import replace

    from cases.models import Course
    from grants.models import GrantTerms
    from grants.reckoning.spells import fetch_course_spells
    from grants.rules.entitlement import reckon

    terms = [row.as_values() for row in GrantTerms.objects.all()]
    totals: dict[int, Decimal] = {}
    for course_spells in fetch_course_spells(Course.objects.all()):
        project = course_spells.course.course__project_id
        window = replace(course_spells.window, cut_off=CUT_OFF)
        earned = reckon(course_spells.standing, window, terms).total
        totals[project] = totals.get(project, Decimal(0)) + earned
    return totals


@all_projects("the whole trial is measured")
def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.entitlement", description=__doc__)
    parser.add_argument("citizens", type=int, nargs="*", default=SIZES)
    arguments = parser.parse_args()
    os.environ.setdefault("JOBFIRST_DATA_DIR", str(PROJECT / ".data" / "bench-grants"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
    import devservices

    devservices.ensure()
    try:
        import django

        django.setup()
        from django.core.management import call_command

        from jobfirst.database.owner import as_owner

        call_command("migrate", verbosity=0)
        agree = True
        with as_owner():
            for citizens in arguments.citizens:
                with prepared(citizens):
                    agree = compare(citizens) and agree
        return 0 if agree else 1
    finally:
        devservices.leave()


if __name__ == "__main__":
    sys.exit(main())
