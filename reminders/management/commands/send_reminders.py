"""`send_reminders`: create and send the reminders that are due (D33; docs/reminders.md)."""

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
from jobfirst.messaging.mute import is_muted
from jobfirst.row_security.context import all_projects
from reminders import actions
from reminders.actions import DeliveryOutcome
from reminders.report import DayReport, report_on

FAILURES = (DeliveryOutcome.FAILED, DeliveryOutcome.DEAD)


class Command(BaseCommand):
    """`send_reminders [--on DATE] [--dry-run] [--format text|json]`.

    Lists the digests that were sent (with --dry-run: that would be sent). On a day that is not a working
    day there are none. Exit code 1 when a digest could not be delivered; the next run sends it.
    """

    help = "Create and send the reminders that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", metavar="DATE", help="the day, as 2016-03-01 (default: today)")
        parser.add_argument("--dry-run", action="store_true", help="list without storing or sending")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("the day's mails are made for every project")
    def handle(self, *args: Any, **options: Any) -> None:
        on = self.read_day(options["on"], dry_run=options["dry_run"])
        # Always English: programs read the output.
        with translation.override("en"):
            report, failed = (preview(on), 0) if options["dry_run"] else send(on)
            self.write_report(report, options["format"], dry_run=options["dry_run"])
            if not options["dry_run"] and is_muted():
                self.stderr.write("This system is muted: nothing was sent (docs/operations.md, `unmute`).")
        if failed:
            raise CommandError(
                f"{failed} digest(s) could not be delivered. They are kept, and sent by the next run; "
                "one that is refused for good, by the next working day's."
            )

    def read_day(self, text: str | None, *, dry_run: bool) -> datetime.date:
        """Return the day to work on; CommandError when it is no date, or a real system is asked to send."""
        try:
            mode.confirm()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if text is None:
            return clock.today()
        if not (dry_run or mode.is_rehearsal()):
            raise CommandError(
                "--on is refused: this is a real system, and sends by its own clock. "
                "With --dry-run it lists what would be sent on that day."
            )
        day = iso_day(text)
        if day is None:
            raise CommandError(f"--on: '{text}' is not a date such as 2016-03-01")
        return day

    def write_report(self, report: DayReport, file_format: str, *, dry_run: bool) -> None:
        """Write the report to standard output, as one JSON document or as text."""
        if file_format == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        verb = "would be sent" if dry_run else "sent"
        self.stdout.write(f"{report['on']}: {len(report['digests'])} digest(s) {verb}")
        for digest in report["digests"]:
            self.stdout.write(digest["recipient"])
            for item in digest["items"]:
                subject = item.get("course") or item.get("project")
                self.stdout.write(f"  {item['due_on']} {item['kind']} {subject}")


def preview(on: datetime.date) -> DayReport:
    """Return what would be sent on the day; everything is rolled back."""
    with transaction.atomic():
        actions.make_digests(on)
        report = report_on(on, actions.waiting_digests(on))
        transaction.set_rollback(True)
    return report


def send(on: datetime.date) -> tuple[DayReport, int]:
    """Make and send the digests of the day; return a report of those sent, and how many failed."""
    actions.make_digests(on)
    outcomes = {pk: actions.send_digest(pk) for pk in actions.waiting_digests(on)}
    sent_pks = [pk for pk, outcome in outcomes.items() if outcome is DeliveryOutcome.SENT]
    failed = [pk for pk, outcome in outcomes.items() if outcome in FAILURES]
    return report_on(on, sent_pks), len(failed)
