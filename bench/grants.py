"""The national statement as a file: `python -m bench.grants` (D30).

A national statement with its events (13 projects, 2,400 participants) as PDF, as a ratio to bare WeasyPrint
on the same table, with the memory it took.
"""

import argparse
import datetime
import os
import random
import resource
import subprocess
import sys
import time
import uuid
from decimal import Decimal
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PROJECTS, PARTICIPANTS = 13, 2_400
CUT_OFF = datetime.date(2017, 12, 31)
BEGIN = datetime.date(2016, 1, 1)


def national_draft():
    """A draft of 13 projects whose 2,400 participants have earned both parts, made in memory."""
    from accounts.models import Project
    from grants.entitlement import Event, EventKind
    from grants.models import GrantScheme
    from grants.statement import Citizen, Draft, Line, ProjectStatement

    drawn = random.Random(1)
    scheme = GrantScheme.objects.latest("valid_from")
    projects = []
    for number in range(PROJECTS):
        lines = []
        for person in range(number, PARTICIPANTS, PROJECTS):
            who = Citizen(person, uuid.UUID(int=person), uuid.UUID(int=person), f"JF-{person:013d}")
            day = BEGIN + datetime.timedelta(days=drawn.randrange(300))
            until = day + datetime.timedelta(days=90)
            amount, since = Decimal("8000.00"), scheme.valid_from
            lines.append(Line(who, Event(EventKind.START, day, amount, since, "10150817", (1,), day, 1)))
            lines.append(
                Line(who, Event(EventKind.COMPLETION, until, amount, since, "10150817", (1,), day, 91))
            )
        project = Project(slug=f"project-{number}", name=f"Project {number}", target_count=185)
        projects.append(ProjectStatement(project, Decimal("2664000.00"), Decimal("0.00"), tuple(lines)))
    return Draft(2017, CUT_OFF, scheme, tuple(projects))


def pdf(which: str) -> None:
    """Make the PDF, ours or the bare one, and print seconds of CPU, megabytes of memory and pages' bytes."""
    from django.utils import translation

    from grants import exchange

    draft = national_draft()
    with translation.override("da"):
        start = time.process_time()
        content = exchange.as_pdf(draft) if which == "ours" else bare_pdf(draft)
        taken = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{taken:.2f} {peak} {len(content)}")


def bare_pdf(draft) -> bytes:
    """The same events in plain tables through WeasyPrint itself, with the same style sheet and tagging."""
    from weasyprint import HTML
    from weasyprint.text.fonts import FontConfiguration

    from grants import exchange
    from jobfirst.pdf import SCHEME, StaticOnlyFetcher

    parts = [
        "<!doctype html><html lang=da><head><title>x</title>"
        "<link rel=stylesheet href='static:pdf.css'></head>"
    ]
    for item in draft.projects:
        parts.append(f"<h2>{item.project.name}</h2><table class=small><tbody>")
        for line in item.lines:
            cells = "".join(f"<td>{cell}</td>" for cell in exchange.event_cells(line))
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</tbody></table>")
    document = HTML(string="".join(parts), base_url=SCHEME, url_fetcher=StaticOnlyFetcher())
    return document.write_pdf(pdf_variant="pdf/ua-1", font_config=FontConfiguration(), optimize_images=True)


def child(*arguments: str) -> list[str]:
    """Run one measurement in a process of its own, so that none warms up the other."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.grants", *arguments],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.split()


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.grants", description=__doc__)
    parser.add_argument("--pdf", choices=["ours", "bare"], help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    os.environ.setdefault("JOBFIRST_DATA_DIR", str(PROJECT / ".data" / "bench-grants"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jobfirst.settings")
    from jobfirst import services

    services.ensure()
    import django

    django.setup()
    if arguments.pdf:
        pdf(arguments.pdf)
        return 0
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    measured = {which: child("--pdf", which) for which in ("bare", "ours")}
    print(f"National statement, {PROJECTS} projects, {PARTICIPANTS} participants, as PDF")
    for which, (seconds, megabytes, size) in measured.items():
        print(f"  {which:<5} {float(seconds):7.2f} s of CPU  {megabytes} MB at most  {int(size) // 1024} kB")
    print(f"  ratio {float(measured['ours'][0]) / float(measured['bare'][0]):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
