"""`publish_figures`: publishes the agency's figures of the months that are over (docs/operations.md)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from evaluation.publication.actions import publish_due
from jobfirst import clock
from jobfirst.database.one_at_a_time import run_exclusively
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    help = "Publish the agency's figures of the months that are over, as the night does."

    @all_projects("the figures of every project")
    def handle(self, *args: Any, **options: Any) -> None:
        with run_exclusively("evaluation.publish_figures") as is_alone:
            if not is_alone:
                raise CommandError("The figures are being published by another process.")
            months = publish_due(clock.today())
        self.stdout.write(f"{months} month(s) published.")
