"""The activity grant of everybody at once: `python -m bench.entitlement` (D26–D29).

100,000 citizens with five spells each: the set-based query as a ratio to a bare `range_agg` over the same
table, and against the Python reckoning of every citizen, which must give the same to the krone.

The rows lie in tables of a schema of their own, with the columns and indexes of the real ones, before which
they stand for as long as it runs: nothing of them is kept. They are vacuumed, and the bare query has an index
that holds just what it reads, so that neither query touches a table. The two take turns, in one session under
one set of settings; the bare one is never shared between processes (PostgreSQL cannot), so ours is measured
without that as well.
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
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
CITIZENS, SPELLS, PROJECTS = 100_000, 5, 13
CUT_OFF = datetime.date(2017, 12, 31)
BEGIN, END = datetime.date(2016, 1, 1), datetime.date(2017, 12, 31)

# Spells of 5 to 100 days, one after the other; most at one of two companies, with holes of -3 to 5 days.
FILL = """
INSERT INTO companies_placement (id, public_id, version, created_at, p_number, kind, starts_on,
    planned_end_on, internship_hours, ordinary_hours, waived_few_hours, waived_employment,
    withdrawn_reason, course_id, company_id)
SELECT row_number() OVER (), gen_random_uuid(), 1, now(), '', 'internship', first_day,
       first_day + days, 20, 0, false, false, '', course, 2 * (course %% 5000) + company
FROM (
    SELECT course, company, days, date '2016-01-15' + (course %% 200)
           + (sum(days + hole) OVER (PARTITION BY course ORDER BY number) - days - hole)::int AS first_day
    FROM (
        SELECT course, number, 5 + floor(random() * 95)::int AS days, floor(random() * 9)::int - 3 AS hole,
               (random() < 0.2)::int AS company
        FROM generate_series(1, %(citizens)s) AS course, generate_series(1, %(spells)s) AS number
    ) AS drawn
) AS placed
"""
# Counting the merged spells has them merged: a bare count(*) would leave that out.
BARE = """
SELECT count(merged) FROM (
    SELECT course_id, company_id, range_agg(daterange(starts_on, planned_end_on, '[]')) AS merged
    FROM companies_placement GROUP BY course_id, company_id
) AS by_company
"""
SCHEMA = "bench_entitlement"
TABLES = ("accounts_project", "cases_course", "companies_placement")
ROUNDS = 9


@contextmanager
def prepared(citizens: int) -> Iterator[None]:
    """Tables of their own, filled, indexed and vacuumed, first on the search path; dropped afterwards."""
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
    """Make and fill the tables, the same every time."""
    cursor.execute("SELECT setseed(0.42)")
    for table in TABLES:
        cursor.execute(f"CREATE UNLOGGED TABLE {SCHEMA}.{table} (LIKE public.{table} INCLUDING INDEXES)")
    for column in unfilled_required_columns("cases_course", {"id", "project_id", "started_on"}):
        cursor.execute(f"ALTER TABLE cases_course ALTER COLUMN {column} DROP NOT NULL")
    cursor.execute(
        "INSERT INTO accounts_project (id, slug, name, starts_on, ends_on, target_count) "
        "SELECT n, 'p' || n, 'P' || n, %s, %s, 8000 FROM generate_series(1, %s) AS n",
        [BEGIN, END, PROJECTS],
    )
    cursor.execute(
        "INSERT INTO cases_course (id, project_id, started_on) "
        "SELECT n, 1 + n %% %s, date '2016-01-10' + n %% 200 FROM generate_series(1, %s) AS n",
        [PROJECTS, citizens],
    )
    cursor.execute(FILL, {"citizens": citizens, "spells": SPELLS})
    cursor.execute("CREATE INDEX ON companies_placement (course_id, company_id, starts_on, planned_end_on)")
    for table in TABLES:
        cursor.execute(f"VACUUM ANALYZE {table}")


def unfilled_required_columns(table: str, filled: set[str]) -> list[str]:
    """Return the NOT NULL columns of a table that are not filled here."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull AND attnum > 0",
            [f"public.{table}"],
        )
        return [name for (name,) in cursor.fetchall() if name not in filled]


def measure_in_turns(actions: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median of each action's time, in seconds, over rounds in which every one has its turn."""
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _round in range(rounds):
        for name, action in actions.items():
            start = time.perf_counter()
            action()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}


def compare_reckonings(citizens: int) -> bool:
    """Print the times and ratios, and return whether the query gives what the Python reckoning gives."""
    from django.db import connection

    from grants.models import GrantTerms
    from grants.reckoning import national

    terms = [row.as_values() for row in GrantTerms.objects.order_by("valid_from")]
    projects = list(range(1, PROJECTS + 1))

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE)
            cursor.fetchall()

    def at_once() -> None:
        list(national.totals(projects, CUT_OFF, terms))

    def alone() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET max_parallel_workers_per_gather = 0")
            at_once()
            cursor.execute("RESET max_parallel_workers_per_gather")

    measured = measure_in_turns(
        {"bare range_agg": bare, "set-based reckoning": at_once, "in one process": alone}
    )
    by_query = {row.course_id: row.total for row in national.earned(projects, CUT_OFF, terms)}
    start = time.perf_counter()
    by_python = one_by_one(terms)
    measured["Python reckoning"] = time.perf_counter() - start
    print(f"{citizens} citizens, {citizens * SPELLS} spells, {os.cpu_count()} processors")
    for name, seconds in measured.items():
        print(f"  {name:<21} {seconds:7.3f} s   ratio {seconds / measured['bare range_agg']:.2f}")
    print(f"  in all {sum(by_query.values()):,.2f} kroner")
    print(f"  the same, citizen by citizen: {'yes' if by_query == by_python else 'NO'}")
    return by_query == by_python


class SpellRow(NamedTuple):
    """One placement with the day its course began."""

    course_id: int
    allocated_on: datetime.date
    id: int
    company: str
    kind: str
    starts_on: datetime.date
    planned_end_on: datetime.date | None
    ended_on: datetime.date | None


def one_by_one(terms) -> dict[int, Decimal]:
    """What every course has earned, reckoned in Python."""
    from django.db import connection

    from grants.rules.entitlement import reckon
    from grants.rules.values import CountingWindow, Spell
    from jobfirst.dates import DateSpan

    project = DateSpan(BEGIN, END)
    totals = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.course_id, c.started_on, p.id, p.company_id::text, p.kind, p.starts_on, "
            "p.planned_end_on, p.ended_on "
            "FROM companies_placement p JOIN cases_course c ON c.id = p.course_id ORDER BY 1"
        )
        for course_id, group in groupby(map(SpellRow._make, cursor), key=attrgetter("course_id")):
            rows = list(group)
            spells = [
                Spell(row.id, row.company, row.kind, row.starts_on, row.planned_end_on, row.ended_on)
                for row in rows
            ]
            total = reckon(spells, CountingWindow(rows[0].allocated_on, project, CUT_OFF), terms).total
            if total:
                totals[course_id] = total
    return totals


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.entitlement", description=__doc__)
    parser.add_argument("--citizens", type=int, default=CITIZENS)
    arguments = parser.parse_args()
    os.environ.setdefault("JOBFIRST_DATA_DIR", str(PROJECT / ".data" / "bench-grants"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
    import devservices

    devservices.ensure()
    try:
        import django

        django.setup()
        from django.core.management import call_command

        from jobfirst.owner import as_owner

        call_command("migrate", verbosity=0)
        with as_owner(), prepared(arguments.citizens):
            return 0 if compare_reckonings(arguments.citizens) else 1
    finally:
        devservices.leave()


if __name__ == "__main__":
    sys.exit(main())
