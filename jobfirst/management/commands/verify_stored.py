"""`verify_stored`: what is stored although it follows from facts, against the raw rows (docs/formats.md)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobfirst import stored_checks


class Command(BaseCommand):
    """`verify_stored [--repair]`. Exit 1 and the first differences if any."""

    help = "Recompute the deadlines and the earned events from the raw rows and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="store what follows from the raw rows")

    def handle(self, *args: Any, **options: Any) -> None:
        repair = options["repair"]
        results = stored_checks.check_all(repair=repair)
        for result in results:
            for line in result.lines:
                self.stderr.write(line)
            state = "repaired" if repair else "found"
            self.stdout.write(f"{result.name}: {result.count} difference(s) {state}.")
        if not repair and any(result.count for result in results):
            raise CommandError("Differences found. `verify_stored --repair` stores what follows.")
