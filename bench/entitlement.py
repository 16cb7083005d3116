"""The activity grant of everybody at once: `python -m bench.entitlement` (D26–D29).

100,000 citizens with five spells each: the set-based query as a ratio to a bare `range_agg` over the same
indexed table, and against the Python reckoning of every citizen, which must give the same to the krone.

The rows lie in temporary tables that stand before the real ones: nothing of them is kept.
"""

import argparse
import datetime
import os
import statistics
import sys
import time
from itertools import groupby
from operator import itemgetter
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CITIZENS, SPELLS, PROJECTS = 100_000, 5, 13
CUT_OFF = datetime.date(2017, 12, 31)
BEGIN, END = datetime.date(2016, 1, 1), datetime.date(2017, 12, 31)

# Spells of 5 to 100 days, one after the other; most at one of two companies, with holes of -3 to 5 days.
FILL = """
INSERT INTO companies_placement (id, public_id, version, created_at, p_number, kind, starts_on,
    planned_end_on, internship_hours, ordinary_hours, waived_few_hours, waived_employment,
    course_id, company_id)
SELECT row_number() OVER (), gen_random_uuid(), 1, now(), '', 'internship', first_day,
       first_day + days, 20, 0, false, false, course, 2 * (course %% 5000) + company
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
BARE = """
SELECT count(*) FROM (
    SELECT course_id, company_id, range_agg(daterange(starts_on, planned_end_on, '[]'))
    FROM companies_placement GROUP BY course_id, company_id
) AS merged
"""


def prepare(citizens: int) -> None:
    """Temporary tables with the columns and indexes of the real ones, filled and analysed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.42)")
        for table in ("accounts_project", "cases_course", "companies_placement"):
            cursor.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING INDEXES)")
        cursor.execute("ALTER TABLE pg_temp.cases_course ALTER COLUMN citizen_id DROP NOT NULL")
        for column in required("cases_course", {"id", "project_id", "started_on"}):
            cursor.execute(f"ALTER TABLE pg_temp.cases_course ALTER COLUMN {column} DROP NOT NULL")
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
        cursor.execute(
            "CREATE INDEX ON companies_placement (course_id, company_id, starts_on, planned_end_on)"
        )
        for table in ("accounts_project", "cases_course", "companies_placement"):
            cursor.execute(f"ANALYZE {table}")


def required(table: str, kept: set[str]) -> list[str]:
    """The columns of a table that may not be empty and that are not filled here."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnotnull AND attnum > 0",
            [f"public.{table}"],
        )
        return [name for (name,) in cursor.fetchall() if name not in kept]


def timed(action, rounds: int = 5) -> float:
    """The median of some rounds, in seconds."""
    taken = []
    for _round in range(rounds):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def entitlement(citizens: int) -> None:
    """Print the query's time and ratio, and whether it agrees with the Python reckoning."""
    from django.db import connection

    from grants import national
    from grants.entitlement import Spell, Window, reckon
    from grants.models import GrantScheme

    prepare(citizens)
    terms = [scheme.terms() for scheme in GrantScheme.objects.order_by("valid_from")]
    projects = list(range(1, PROJECTS + 1))
    parameters = national._parameters(projects, CUT_OFF, national._rows(terms, CUT_OFF))

    def run(query: str, values=None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            if cursor.description:
                cursor.fetchall()

    bare = timed(lambda: run(BARE))
    query = timed(lambda: run(national.TOTALS, parameters))
    print(f"{citizens} citizens, {citizens * SPELLS} spells")
    print(f"  bare range_agg        {bare:7.3f} s")
    print(f"  set-based reckoning   {query:7.3f} s   ratio {query / bare:.2f}")
    at_once = {row.course_id: row.total for row in national.earned(projects, CUT_OFF, terms)}
    start = time.perf_counter()
    one_by_one = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.course_id, c.started_on, p.id, p.company_id, p.kind, p.starts_on, p.planned_end_on, "
            "p.ended_on FROM companies_placement p JOIN cases_course c ON c.id = p.course_id ORDER BY 1"
        )
        for course, group in groupby(cursor, key=itemgetter(0)):
            rows = list(group)
            spells = [Spell(row[2], str(row[3]), *row[4:]) for row in rows]
            total = reckon(spells, Window(rows[0][1], BEGIN, END, CUT_OFF), terms).total
            if total:
                one_by_one[course] = total
    taken = time.perf_counter() - start
    same = at_once == one_by_one
    print(f"  Python reckoning      {taken:7.3f} s   ratio {taken / bare:.2f}")
    print(f"  in all {sum(at_once.values()):,.2f} kroner")
    print(f"  the same, citizen by citizen: {'yes' if same else 'NO'}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.entitlement", description=__doc__)
    parser.add_argument("--citizens", type=int, default=CITIZENS)
    arguments = parser.parse_args()
    os.environ.setdefault("JOBFIRST_DATA_DIR", str(PROJECT / ".data" / "bench-grants"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
    from jobfirst import services

    services.ensure()
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    entitlement(arguments.citizens)
    return 0


if __name__ == "__main__":
    sys.exit(main())
