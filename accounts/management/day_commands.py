"""What the commands that tell of one day share: `--on`, `--project` and `--format`."""

import datetime
from argparse import ArgumentParser
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Project
from jobfirst import clock
from jobfirst.exchange.rows import iso_day


class DayCommand(BaseCommand):
    """Base of `deadlines`, `gaps` and `fidelity` (docs/formats.md): a day, one project or all, a format."""

    default_format: ClassVar[str] = "json"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the shared options."""
        parser.add_argument("--on", metavar="DATE", help="the day, as 2016-03-01 (default: today)")
        parser.add_argument("--project", metavar="SLUG", help="one project only")
        parser.add_argument("--format", choices=["json", "text"], default=self.default_format)

    def chosen_day(self, options: dict[str, Any]) -> datetime.date:
        """Return the day of `--on`, or today. CommandError when it is no day."""
        on = clock.today() if options["on"] is None else iso_day(options["on"])
        if on is None:
            raise CommandError(f"--on: '{options['on']}' is not a date such as 2016-03-01")
        return on

    def chosen_project(self, options: dict[str, Any]) -> Project | None:
        """Return the project of `--project`, None for all. CommandError when there is none of that name."""
        if not options["project"]:
            return None
        project = Project.objects.filter(slug=options["project"]).first()
        if project is None:
            raise CommandError(f"--project: there is no project '{options['project']}'")
        return project
