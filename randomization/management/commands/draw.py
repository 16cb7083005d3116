"""`draw --project SLUG [--on DATE]` or `draw --all`: draw every waiting citizen (D4, D5)."""

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
from jobfirst.row_security.context import all_projects
from randomization.draw import actions
from randomization.draw.queue import queue_of_project, waiting_projects
from randomization.draw.refusal import DrawRefused
from randomization.ledger import export
from randomization.management.options import day_of_draw, find_project, shares_for_command
from randomization.models import Allocation


@dataclass
class DrawOutcome:
    """The new rows of all projects, how many referrals are later, and the refusals with their projects."""

    allocations: list[Allocation] = field(default_factory=list)
    not_yet: int = 0
    refusals: list[str] = field(default_factory=list)


class Command(BaseCommand):
    """Each project is drawn on its own: the others are drawn when one is refused; the exit code is then 1."""

    help = "Draw every eligible referral that is not drawn yet, in order of referral."

    def add_arguments(self, parser: ArgumentParser) -> None:
        selection = parser.add_mutually_exclusive_group(required=True)
        selection.add_argument("--project", metavar="SLUG", help="one project")
        selection.add_argument("--all", action="store_true", help="every project where somebody waits")
        parser.add_argument("--on", metavar="DATE", help="the day of allocation; only in a rehearsal")
        parser.add_argument(
            "--dry-run", action="store_true", help="say who would be drawn, not into which arm"
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("there is one ledger of all projects")
    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            on = day_of_draw(options["on"], dry_run=options["dry_run"])
            projects = waiting_projects() if options["all"] else [find_project(options["project"])]
            if options["dry_run"]:
                sys.exit(self.dry_run(projects, on, options["format"]))
            outcome = self.draw(projects, on)
            citizens = [allocation.citizen.public_id for allocation in outcome.allocations]
            record_shown(None, "randomization.draw.command", citizens)
            self.report(outcome, options["format"])
        sys.exit(self.write_refusals(outcome.refusals))

    def draw(self, projects: list[Project], on: datetime.date) -> DrawOutcome:
        """Draw each project; return the outcome of all."""
        outcome = DrawOutcome()
        try:
            seed = shares_for_command() if projects else None
        except DrawRefused as refusal:
            outcome.refusals += [f"{project.slug}: {refusal}" for project in projects]
            return outcome
        console = Console(stderr=True)
        steps = track(projects, "Drawing", console=console, disable=not console.is_terminal, transient=True)
        for project in steps:
            try:
                result = actions.draw_project(project, on, shares=seed)
            except DrawRefused as refusal:
                outcome.refusals.append(f"{project.slug}: {refusal}")
                continue
            outcome.allocations += result.allocations
            outcome.not_yet += result.not_yet
        return outcome

    def dry_run(self, projects: list[Project], on: datetime.date, file_format: str) -> int:
        """Write who waits, without drawing or computing an arm; return the exit code."""
        rows, refusals = [], []
        for project in projects:
            try:
                queue = queue_of_project(project, on)
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
        return self.write_refusals(refusals)

    def report(self, outcome: DrawOutcome, file_format: str) -> None:
        """Write the new rows as a JSON document or as lines of text."""
        if file_format == "json":
            rows = [export.drawn_row(allocation) for allocation in outcome.allocations]
            self.stdout.write(json.dumps({"drawn": rows, "not_yet": outcome.not_yet}))
            return
        for row in outcome.allocations:
            self.stdout.write(f"{row.sequence:>5}  {row.pseudonym}  {row.stratum.label}  {row.arm}")
        later = f", {outcome.not_yet} referred after that day" if outcome.not_yet else ""
        self.stdout.write(f"drawn: {len(outcome.allocations)}{later}")

    def write_refusals(self, refusals: list[str]) -> int:
        """Write the refusals to standard error; return the exit code."""
        for refusal in refusals:
            self.stderr.write(refusal, self.style.NOTICE)
        return 1 if refusals else 0
