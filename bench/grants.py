"""The national statement as a file: `python -m bench.grants` (D30).

13 projects with 2,400 participants, each of whom has earned both parts, as PDF: made as the worker makes it
(the task's own code: reckoned, kept, drawn project by project, saved with its progress), and by bare
WeasyPrint from the same page: the same rows, columns, style sheet and tagging in one piece. Each measurement
has a process of its own; they take turns, and the medians are held against each other. Seconds are of CPU,
the memory is the most the process had.

The participants lie in temporary tables that stand before the real ones; only the documents are kept.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from jobfirst.row_security.context import all_projects

PROJECT = Path(__file__).resolve().parent.parent
PROJECTS, PARTICIPANTS, ROUNDS = 13, 2_400, 3
YEAR, CUT_OFF = 2017, "2017-12-31"
TABLES = (
    "accounts_project",
    "cases_citizen",
    "cases_course",
    "companies_company",
    "companies_placement",
    "grants_earnedevent",
)
FILL = (
    """
    INSERT INTO accounts_project (id, slug, name, starts_on, ends_on, target_count)
    SELECT n, 'projekt-' || n, 'Jobcenter ' || n, date '2016-01-01', date '2017-12-31', 185
    FROM generate_series(1, %(projects)s) AS n
    """,
    """
    INSERT INTO cases_citizen (id, public_id, pseudonym)
    SELECT n, md5('citizen' || n)::uuid,
           'JF-' || translate(upper(substr(md5('pseudonym' || n), 1, 12)), '0189', 'MWQK')
    FROM generate_series(1, %(participants)s) AS n
    """,
    """
    INSERT INTO cases_course (id, public_id, project_id, citizen_id, started_on)
    SELECT n, md5('course' || n)::uuid, 1 + n %% %(projects)s, n, date '2016-01-04' + n %% 200
    FROM generate_series(1, %(participants)s) AS n
    """,
    """
    INSERT INTO companies_company (id, cvr, name)
    SELECT n, (10000000 + n)::text, 'Virksomhed ' || n
    FROM generate_series(1, 500) AS n
    """,
    # Two spells with a weekend between them: Monday to a Friday eight weeks on, and 60 days from the Monday.
    """
    INSERT INTO companies_placement (id, public_id, course_id, company_id, kind, starts_on, planned_end_on)
    SELECT 2 * n + part, gen_random_uuid(), n, 1 + n %% 500, 'internship',
           monday + 56 * part, monday + CASE part WHEN 0 THEN 53 ELSE 115 END
    FROM (
        SELECT n, date_trunc('week', date '2016-01-18' + n %% 200)::date AS monday
        FROM generate_series(1, %(participants)s) AS n
    ) AS begun, generate_series(0, 1) AS part
    """,
)


def prepare() -> None:
    """Temporary tables with the columns and indexes of the real ones, filled and analysed."""
    from django.db import connection

    from bench import temporary_tables
    from grants.storage import stored_events

    temporary_tables.allow()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING INDEXES INCLUDING IDENTITY)"
            )
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid=%s::regclass AND attnotnull AND attnum > 0",
                [f"pg_temp.{table}"],
            )
            for (column,) in cursor.fetchall():
                if column != "id":
                    cursor.execute(f"ALTER TABLE pg_temp.{table} ALTER COLUMN {column} DROP NOT NULL")
        for query in FILL:
            cursor.execute(query, {"projects": PROJECTS, "participants": PARTICIPANTS})
        stored_events.recompute()
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")


def agency_user():
    """Return a user who may see every project."""
    from accounts.models import Membership, User
    from accounts.roles import Role

    user, created = User.objects.get_or_create(email="bench@example.invalid", defaults={"name": "Bench"})
    if created:
        Membership.objects.create(user=user, role=Role.AGENCY)
    return user


def measure_worker() -> tuple[float, int]:
    """Let the task make a document; seconds of CPU and bytes."""
    import datetime

    from grants.models import Document
    from grants.tasks import make_document

    prepare()
    cut_off = datetime.date.fromisoformat(CUT_OFF)
    document = Document.objects.create(year=YEAR, cut_off=cut_off, requested_by=agency_user())
    start = time.process_time()
    make_document(document.pk)
    seconds = time.process_time() - start
    document.refresh_from_db()
    assert document.content is not None
    assert len(document.citizens) == PARTICIPANTS
    return seconds, len(document.content)


def measure_bare() -> tuple[float, int]:
    """Let WeasyPrint draw the same in one piece; seconds of CPU for that alone, and bytes."""
    import datetime

    from django.utils import translation
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from accounts.models import Project
    from grants.presentation import export, pdf
    from grants.reckoning.compute import compute
    from jobfirst.pdf.documents import render_document_html
    from jobfirst.pdf.fetcher import SCHEME, StaticOnlyFetcher

    prepare()
    with translation.override("da"):
        draft = compute(YEAR, datetime.date.fromisoformat(CUT_OFF), Project.objects.all())
        pages = [
            render_document_html(*piece)
            for piece in pdf.pieces(pdf.common_context(draft), export.basis_in_words(draft))
        ]
    begin, end = "<main>", "</main>"
    front, *projects = pages
    bodies = [page.partition(begin)[2].partition(end)[0] for page in projects]
    parts = [f"<div style='break-before: page'>{body}</div>" for body in bodies]
    html = front.replace(end, "".join(parts) + end)
    start = time.process_time()
    source = HTML(string=html, base_url=SCHEME, url_fetcher=StaticOnlyFetcher())
    content = source.write_pdf(pdf_variant="pdf/ua-1", font_config=FontConfiguration(), optimize_images=True)
    return time.process_time() - start, len(content)


class Measurement(NamedTuple):
    """Seconds of CPU, megabytes of memory at most, bytes of the document."""

    seconds: float
    megabytes: float
    size: float


def measure_in_child(variant: str) -> Measurement:
    """Measure in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.grants", "--only", variant],
        cwd=PROJECT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Measurement._make(map(float, done.stdout.split()))


@all_projects("the whole trial is measured")
def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.grants", description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", choices=["worker", "bare"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.setdefault("JOBFIRST_DATA_DIR", str(PROJECT / ".data" / "bench-grants"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
    import devservices

    devservices.ensure()
    import django

    django.setup()
    if arguments.only:
        seconds, size = measure_worker() if arguments.only == "worker" else measure_bare()
        print(f"{seconds:.2f} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} {size}")
        return 0
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    measured: dict[str, list[Measurement]] = {"bare": [], "worker": []}
    for _round in range(arguments.rounds):
        for variant, rows in measured.items():
            rows.append(measure_in_child(variant))
    print(f"National statement as PDF: {PROJECTS} projects, {PARTICIPANTS} participants")
    for variant, rows in measured.items():
        median = Measurement._make(statistics.median(column) for column in zip(*rows, strict=True))
        rounds = ", ".join(f"{row.seconds:.1f}" for row in rows)
        print(
            f"  {variant:<6} {median.seconds:6.1f} s of CPU ({rounds})  "
            f"{median.megabytes:.0f} MB at most  {median.size / 1024:.0f} kB"
        )
    ratio = statistics.median(
        ours.seconds / theirs.seconds
        for ours, theirs in zip(measured["worker"], measured["bare"], strict=True)
    )
    print(f"  ratio  {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
