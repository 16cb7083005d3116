"""`publish_commitments`: commit the lists of every stratum of the trial, and print what to publish (D5)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from jobfirst.row_security.context import all_projects
from randomization.draw import actions
from randomization.draw.refusal import DrawRefused
from randomization.ledger import export
from randomization.management.options import shares_for_command, write_output


class Command(BaseCommand):
    """Run once before the first draw and give the document to the agency. Again: prints it, with the
    ledger's head as it is now."""

    help = "Commit every stratum's list before the first draw and print the commitments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", metavar="PATH", type=Path, help="a file instead of standard output")

    @all_projects("there is one ledger of all projects")
    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                actions.commit_all(shares_for_command())
            except DrawRefused as refusal:
                raise CommandError(str(refusal)) from refusal
        write_output(self, json.dumps(export.published_document(), indent=1), options["output"])
