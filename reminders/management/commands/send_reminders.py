"""`send_reminders`: create and send what is due, as FORMATS says."""

import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from jobfirst import clock, mode
from jobfirst.exchange.rows import iso_day
from reminders import actions
from reminders.actions import Outcome
from reminders.report import Report, report_on


class Command(BaseCommand):
    """`send_reminders [--on DATE] [--dry-run] [--format text|json]`.

    Lists the digests that went out (with --dry-run: that would). On a day that is not a working day there
    are none. Exit 1 when a digest could not be delivered; it is kept, and sent by the next run.
    """

    help = "Create and send the reminders that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="the day, as 2016-03-01 (default: today)")
        parser.add_argument("--dry-run", action="store_true", help="list without storing or sending")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        on = self.day(options["on"], dry_run=options["dry_run"])
        # Commands speak English on every machine: their lines are read by programs.
        with translation.override("en"):
            report, failed = (rehearse(on), 0) if options["dry_run"] else send(on)
            self.show(report, options["format"], dry_run=options["dry_run"])
        if failed:
            raise CommandError(
                f"{failed} digest(s) could not be delivered. They are kept, and sent by the next run."
            )

    def day(self, given: str | None, *, dry_run: bool) -> datetime.date:
        """The day to work on; CommandError when `given` is no date or may not be given."""
        try:
            mode.confirm()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if given is None:
            return clock.today()
        if not (dry_run or mode.is_rehearsal()):
            raise CommandError(
                "--on is refused: this is a real system, and sends by its own clock. "
                "With --dry-run it lists what would be sent on that day."
            )
        day = iso_day(given)
        if day is None:
            raise CommandError(f"--on: '{given}' is not a date such as 2016-03-01")
        return day

    def show(self, report: Report, form: str, *, dry_run: bool) -> None:
        """Write the report; in JSON it is all that is written on standard output."""
        if form == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        verb = "would be sent" if dry_run else "sent"
        self.stdout.write(f"{report['on']}: {len(report['digests'])} digest(s) {verb}")
        for digest in report["digests"]:
            self.stdout.write(digest["recipient"])
            for item in digest["items"]:
                about = item.get("course") or item.get("project")
                self.stdout.write(f"  {item['due_on']} {item['kind']} {about}")


def rehearse(on: datetime.date) -> Report:
    """What would be sent: everything is done but the sending, and taken back."""
    with transaction.atomic():
        actions.make_digests(on)
        report = report_on(on, actions.waiting(on))
        transaction.set_rollback(True)
    return report


def send(on: datetime.date) -> tuple[Report, int]:
    """Make and send the digests of the day; what was sent, and how many could not be."""
    actions.make_digests(on)
    outcomes = {pk: actions.send_digest(pk) for pk in actions.waiting(on)}
    sent = [pk for pk, outcome in outcomes.items() if outcome is Outcome.SENT]
    return report_on(on, sent), sum(outcome is Outcome.FAILED for outcome in outcomes.values())
