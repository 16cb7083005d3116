"""`verify_stored`: compare deadlines, core elements and earned events with the facts (docs/formats.md)."""

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

    @all_projects("what is stored of every project is checked")
    def handle(self, *args: Any, **options: Any) -> None:
        repair = options["repair"]
        try:
            results = stored_checks.check_all(repair=repair)
        except stored_checks.ChecksFailed as failure:
            self.write(failure.results, repair=repair)
            raise CommandError(str(failure)) from failure
        self.write(results, repair=repair)
        if not repair and any(result.count for result in results):
            raise CommandError("Differences found. `verify_stored --repair` stores what follows.")

    def write(self, results: list[CheckResult], *, repair: bool) -> None:
        for result in results:
            for line in result.lines:
                self.stderr.write(line)
            number, state = (result.repaired, "repaired") if repair else (result.count, "found")
            self.stdout.write(f"{result.name}: {number} difference(s) {state}.")
