"""`seal_audit_log`: seal what is new in the audit log (docs/audit.md). Beat does so every minute."""

from typing import Any

from django.core.management.base import BaseCommand

from audit.chain.sealing import seal
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    help = "Seal the new rows of the access records and of the history in batches, chained by hash."

    @all_projects("the log is that of all projects")
    def handle(self, *args: Any, **options: Any) -> None:
        result = seal()
        self.stdout.write(f"{result.rows} row(s) sealed in {result.batches} batch(es).")
        if result.waiting:
            self.stderr.write(f"Still being written to, sealed by the next run: {', '.join(result.waiting)}.")
