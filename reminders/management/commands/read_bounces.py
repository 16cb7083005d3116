"""`read_bounces`: read the mails that came back (D52)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from jobfirst.row_security.context import all_projects
from reminders import bounces
from reminders.rules.delivery_reports import ReportOutcome


class Command(BaseCommand):
    """Reads the mailbox once and prints how many mails had which outcome."""

    help = "Read the mailbox of JOBFIRST_RETURN_MAILBOX for mails that came back."

    @all_projects("mails of every project come back")
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.JOBFIRST_RETURN_MAILBOX:
            raise CommandError("JOBFIRST_RETURN_MAILBOX is not set")
        try:
            outcomes = bounces.read_bounces()
        except bounces.MailboxError as error:
            raise CommandError(str(error)) from error
        for outcome in ReportOutcome:
            self.stdout.write(f"{outcome}: {outcomes[outcome]}")
