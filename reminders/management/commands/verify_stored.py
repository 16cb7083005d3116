"""`verify_stored`: what is stored of what is owed, against the raw rows (docs/formats.md)."""

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from reminders import deadlines
from reminders.deadlines import Difference

MOST_LISTED = 20


class Command(BaseCommand):
    """`verify_stored [--repair]`. Exit 1 and the first differences if there are any."""

    help = "Recompute the deadlines from the raw rows and compare."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="store what is owed")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"]:
            count = deadlines.recompute()
            self.stdout.write(f"{count} difference(s) repaired.")
            return
        with transaction.atomic():
            differences = deadlines.differences()
            listed = list(islice(differences, MOST_LISTED))
            count = len(listed) + sum(1 for _difference in differences)
        for difference in listed:
            self.stderr.write(describe(difference))
        if count:
            raise CommandError(f"{count} difference(s). `verify_stored --repair` stores what is owed.")
        self.stdout.write("No difference: what is stored is what is owed.")


def describe(difference: Difference) -> str:
    """Return a difference in a line: the deadline by kind, subject and day, and what is wrong with it."""
    key = difference.key
    if difference.stored is None:
        state = "missing"
    elif difference.owed is None:
        state = "not owed"
    else:
        state = "differs"
    return f"{key.kind} {key.subject} {key.due_on} shown from {key.shown_from}: {state}"
