"""`verify_stored`: compare deadlines, core elements and earned events with the facts (docs/formats.md)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobfirst.row_security.context import all_projects
from jobfirst.stored import checks as stored_checks
from jobfirst.stored.checks import CheckResult


class Command(BaseCommand):
    """`verify_stored [--repair]`: without `--repair` exit code 1 when there are differences."""

    help = "Recompute deadlines, elements, earned events and stored figures from the raw rows and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="store what follows from the raw rows")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("what is stored of every project is checked")
    def handle(self, *args: Any, **options: Any) -> None:
        repair, file_format = options["repair"], options["format"]
        try:
            results = stored_checks.check_all(repair=repair)
        except stored_checks.ChecksFailed as failure:
            self.write(failure.results, repair=repair, file_format=file_format)
            raise CommandError(str(failure)) from failure
        self.write(results, repair=repair, file_format=file_format)
        if not repair and any(result.count for result in results):
            raise CommandError("Differences found. `verify_stored --repair` stores what follows.")

    def write(self, results: list[CheckResult], *, repair: bool, file_format: str) -> None:
        """Write the first differences to standard error, and the numbers as text or as a JSON document."""
        for line in (line for result in results for line in result.lines):
            self.stderr.write(line)
        if file_format == "json":
            checks = [
                {
                    "name": result.name,
                    "found": result.count,
                    "repaired": result.repaired,
                    "first": result.lines,
                }
                for result in results
            ]
            self.stdout.write(json.dumps({"repair": repair, "checks": checks}))
            return
        for result in results:
            number, state = (result.repaired, "repaired") if repair else (result.count, "found")
            self.stdout.write(f"{result.name}: {number} difference(s) {state}.")
