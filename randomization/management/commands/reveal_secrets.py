"""`reveal_secrets`: print the keys of the strata where enrolment has closed, for anybody to verify (D5)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from jobfirst.row_security.context import all_projects
from randomization.draw.refusal import DrawRefused
from randomization.ledger import verification
from randomization.management.options import day_of_draw, shares_for_command, write_output


class Command(BaseCommand):
    """A stratum's whole list can be derived from its key: only keys of closed strata are printed."""

    help = "Print the keys of closed strata, for verify_draw.py --secrets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="as if it were that day; only in a rehearsal")
        parser.add_argument("--output", metavar="PATH", type=Path, help="a file instead of standard output")

    @all_projects("there is one ledger of all projects")
    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            on = day_of_draw(options["on"])
            try:
                keys = verification.closed_keys(shares_for_command(), on)
            except DrawRefused as refusal:
                raise CommandError(str(refusal)) from refusal
        write_output(self, json.dumps(keys, indent=1), options["output"])
