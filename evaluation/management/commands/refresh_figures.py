"""`refresh_figures`: reckons the stored figures of the evaluation anew (docs/operations.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluation.summaries import orders
from jobfirst import clock, progress
from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    help = "Reckon the stored figures of the evaluation anew from the raw rows."

    @all_projects("the figures of every project")
    def handle(self, *args: Any, **options: Any) -> None:
        with run_exclusively("evaluation.refresh_figures") as is_alone:
            if not is_alone:
                raise CommandError("The figures are being reckoned by another process.")
            with progress.on_terminal():
                differing = orders.fulfil(clock.today())
        self.stdout.write(f"{differing} figure(s) differed and were stored.")
