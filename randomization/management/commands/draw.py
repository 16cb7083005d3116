"""`draw --project SLUG [--on DATE]` or `draw --all`: draw everybody who waits (FORMATS, D4, D5)."""

import datetime
import json
import sys
from argparse import ArgumentParser
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from rich.console import Console
from rich.progress import track

from accounts.models import Project
from audit.access import record_shown
from randomization.draw import actions
from randomization.draw.queue import waiting, waiting_projects
from randomization.draw.refusal import DrawRefused
from randomization.ledger import export
from randomization.management.options import day_of_draw, find_project
from randomization.models import Allocation


@dataclass
class Outcome:
    """What was drawn in all projects, how many wait until later, and why some projects were refused."""

    drawn: list[Allocation] = field(default_factory=list)
    not_yet: int = 0
    refusals: list[str] = field(default_factory=list)


class Command(BaseCommand):
    """Each project is drawn for itself: a refused one leaves the others drawn, and the exit code is 1."""

    help = "Draw every eligible referral that is not drawn yet, in order of referral."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--project", metavar="SLUG", help="one project")
        which.add_argument("--all", action="store_true", help="every project where somebody waits")
        parser.add_argument("--on", metavar="DATE", help="the day of allocation; only in a rehearsal")
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would be drawn, not into which arm"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            on = day_of_draw(options["on"], dry_run=options["dry_run"])
            projects = waiting_projects() if options["all"] else [find_project(options["project"])]
            if options["dry_run"]:
                sys.exit(self.dry_run(projects, on, options["format"]))
            outcome = self.draw(projects, on)
            drawn = [row.citizen.public_id for row in outcome.drawn]
            record_shown(None, "randomization.draw.command", drawn)
            self.report(outcome, options["format"])
        sys.exit(self.complain(outcome.refusals))

    def draw(self, projects: list[Project], on: datetime.date) -> Outcome:
        """Draw each project."""
        outcome = Outcome()
        console = Console(stderr=True)
        steps = track(projects, "Drawing", console=console, disable=not console.is_terminal, transient=True)
        for project in steps:
            try:
                result = actions.draw_project(project, on)
            except DrawRefused as refusal:
                outcome.refusals.append(f"{project.slug}: {refusal}")
                continue
            outcome.drawn += result.allocations
            outcome.not_yet += result.not_yet
        return outcome

    def dry_run(self, projects: list[Project], on: datetime.date, file_format: str) -> int:
        """Say who waits; nothing is drawn and no arm is computed. Returns the exit code."""
        rows, refusals = [], []
        for project in projects:
            try:
                queue = waiting(project, on)
            except DrawRefused as refusal:
                refusals.append(f"{project.slug}: {refusal}")
                continue
            for referral in queue.due:
                rows.append(
                    {
                        "citizen": referral.citizen.pseudonym,
                        "project": project.slug,
                        "municipality_code": referral.municipality_code,
                        "target_group": referral.target_group,
                        "referred_on": referral.referred_on.isoformat(),
                    }
                )
        if file_format == "json":
            self.stdout.write(json.dumps({"drawn": [], "waiting": rows}))
        else:
            self.stdout.write(f"waiting: {len(rows)} (dry run, nobody is drawn)")
        return self.complain(refusals)

    def report(self, outcome: Outcome, file_format: str) -> None:
        """The rows drawn, as FORMATS says or as lines."""
        if file_format == "json":
            drawn = [export.drawn_row(row) for row in outcome.drawn]
            self.stdout.write(json.dumps({"drawn": drawn, "not_yet": outcome.not_yet}))
            return
        for row in outcome.drawn:
            self.stdout.write(f"{row.sequence:>5}  {row.pseudonym}  {row.stratum.label}  {row.arm}")
        later = f", {outcome.not_yet} referred after that day" if outcome.not_yet else ""
        self.stdout.write(f"drawn: {len(outcome.drawn)}{later}")

    def complain(self, refusals: list[str]) -> int:
        """Write the refusals to standard error; the exit code."""
        for refusal in refusals:
            self.stderr.write(refusal, self.style.NOTICE)
        return 1 if refusals else 0
