"""`export_allocations [--project SLUG]`: the ledger, with what a third party needs to verify it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from audit.access import record_shown
from jobfirst.row_security.context import all_projects
from randomization.ledger import export
from randomization.management.options import find_project, write_output
from randomization.models import Allocation


class Command(BaseCommand):
    """Citizens by pseudonym; `randomization/ledger/verify_draw.py` reads the JSON document."""

    help = "Export the ledger of the draw."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", metavar="SLUG", help="one project's part of the ledger")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")
        parser.add_argument("--output", metavar="PATH", type=Path, help="a file instead of standard output")

    @all_projects("there is one ledger of all projects")
    def handle(self, *args: Any, **options: Any) -> None:
        project = find_project(options["project"]) if options["project"] is not None else None
        rows = export.ledger_rows(project)
        exported = Allocation.objects.filter(pk__in=[row.pk for row in rows])
        citizens = exported.values_list("citizen__public_id", flat=True)
        record_shown(None, "randomization.export.command", citizens)
        if options["format"] == "json":
            content = json.dumps(export.ledger_document(rows, project))
        else:
            content = export.ledger_csv(rows)
        write_output(self, content, options["output"])
