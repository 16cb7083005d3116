"""`outcomes`: the paid hours of both arms, the effect of the trial and its criteria (docs/formats.md)."""

import datetime
import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Project
from evaluation.outcomes.json_report import as_json
from evaluation.outcomes.period import chosen_period
from evaluation.outcomes.report import make_outcomes
from jobfirst import clock
from jobfirst.exchange.rows import iso_month
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    """`outcomes [--from MONTH] [--to MONTH] [--format json]`."""

    help = "Compare the paid hours of both arms, everyone as drawn, and judge the success criteria (D6)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the months."""
        parser.add_argument(
            "--from",
            dest="first",
            metavar="MONTH",
            help="the first month, as 2016-09 (default: the one after the first draw)",
        )
        parser.add_argument(
            "--to", dest="last", metavar="MONTH", help="the last month (default: the last one delivered)"
        )
        parser.add_argument("--format", choices=["json"], default="json")

    @all_projects("the outcomes are those of the whole trial")
    def handle(self, *args: Any, **options: Any) -> None:
        first, last = self.month(options, "first", "--from"), self.month(options, "last", "--to")
        try:
            period = chosen_period(first, last)
        except ValueError as error:
            raise CommandError(f"--from: {error}") from error
        on = clock.today() if last is None or period is None else period.last_day
        self.stdout.write(
            json.dumps(as_json(make_outcomes(period, projects=list(Project.objects.all()), on=on)))
        )

    def month(self, options: dict[str, Any], name: str, option: str) -> datetime.date | None:
        """Return the month of an option, None without it. CommandError when it is no month."""
        if options[name] is None:
            return None
        month = iso_month(options[name])
        if month is None:
            raise CommandError(f"{option}: '{options[name]}' is not a month such as 2016-09")
        return month
