"""Measures the import of 20,000 referrals against a bare COPY of the rows that it writes.

In a fresh data folder. The COPY writes the same rows into the same tables, with their triggers, in one
transaction. Prints JSON.
"""

import io
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import devservices

devservices.ensure()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import Project  # noqa: E402
from cases.exchange import REFERRAL_COLUMNS  # noqa: E402
from cases.models import Citizen, Referral  # noqa: E402
from jobfirst.database.owner import as_owner  # noqa: E402
from jobfirst.row_security.context import all_projects  # noqa: E402
from jobfirst.values.dates import DAY  # noqa: E402

COUNT = 20_000
GROUPS = ("resource_programme;resource_programme_benefit", "activity_ready;cash_benefit")


def delivery() -> str:
    """Return a file of COUNT eligible citizens of one project. Their numbers are made up."""
    projects = Path(__file__).parent.parent / "jobfirst" / "reference" / "projects.csv"
    call_command("import_projects", str(projects), stdout=io.StringIO())
    project = Project.objects.earliest("slug")
    code = project.places.earliest("pk").municipality_id
    day = project.starts_on + 30 * DAY
    lines = [";".join(REFERRAL_COLUMNS)]
    for number in range(COUNT):
        serial, born = number % 2000, number // 2000
        facts = f"{GROUPS[number % 2]};{(day - 900 * DAY).isoformat()};ja;nej;{day.isoformat()}"
        lines.append(f"{born + 1:02}0160{serial:04};Borger Nummer {number};{code};{facts}")
    return "\n".join(lines) + "\n"


def timed_import(content: str) -> float:
    """Return the seconds that the command takes for the file, without the start of the interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "referrals.csv"
        path.write_text(content, encoding="utf-8")
        out = io.StringIO()
        began = time.perf_counter()
        call_command("import_referrals", str(path), format="json", stdout=out)
        seconds = time.perf_counter() - began
    assert json.loads(out.getvalue())["accepted"] == COUNT, out.getvalue()[:300]
    return seconds


def timed_copy() -> float:
    """Return the seconds of a COPY of the imported rows, which are deleted before."""
    tables = [model._meta.db_table for model in (Citizen, Referral)]
    rows = {table: copied_out(table) for table in tables}
    with as_owner() as owner, owner.cursor() as cursor:
        for table in reversed(tables):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with as_owner() as owner, transaction.atomic(), owner.cursor() as cursor:
        began = time.perf_counter()
        for table in tables:
            with cursor.copy(f"COPY {table} FROM STDIN") as sink:
                sink.write(rows[table])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    seconds = time.perf_counter() - began
    assert Referral.objects.count() == COUNT
    return seconds


def copied_out(table: str) -> bytes:
    """Return the rows of a table as COPY writes them."""
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as source:
        return b"".join(bytes(piece) for piece in source)


@all_projects("the whole trial is measured")
def main() -> None:
    """Print the seconds of both and the ratio."""
    imported = timed_import(delivery())
    copied = timed_copy()
    result = {"rows": COUNT, "import": imported, "copy": copied, "ratio": imported / copied}
    sys.stdout.write(json.dumps(result))


if __name__ == "__main__":
    main()
