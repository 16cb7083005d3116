"""`verify_allocations [--project SLUG] [--published FILE]`: derive every allocation again, and compare."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from jobfirst.row_security.context import all_projects
from randomization.draw.refusal import DrawRefused
from randomization.ledger import verification
from randomization.management.options import find_project, shares_for_command
from randomization.models import Allocation

COMPARED = "They agree with the published file as well."
NOT_COMPARED = (
    "Nothing outside this system was compared: give --published with commitments that were kept elsewhere."
)


class Command(BaseCommand):
    """The operator's check: it needs both shares. An outsider uses `randomization/ledger/verify_draw.py`."""

    help = "Check every allocation against the shares, the commitments and the chain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", metavar="SLUG", help="one project's part of the ledger")
        parser.add_argument(
            "--published",
            metavar="FILE",
            type=Path,
            help="what publish_commitments wrote, kept outside",
        )
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("there is one ledger of all projects")
    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            project = find_project(options["project"]) if options["project"] is not None else None
            try:
                published = _read(options["published"])
                differences = verification.verify_ledger(shares_for_command(), project, published)
            except DrawRefused as refusal:
                raise CommandError(str(refusal)) from refusal
            rows = Allocation.objects.filter(**({"project": project} if project else {}))
            numbers = [item.sequence for item in differences if item.sequence is not None]
            report = {
                "verified": not differences,
                "compared_with_published": published is not None,
                "allocations": rows.count(),
                "pending_claims": verification.count_pending_claims(project),
                "first_difference": min(numbers, default=None),
                "differences": [
                    {
                        "sequence": difference.sequence,
                        "code": difference.code,
                        "message": verification.message(difference),
                    }
                    for difference in differences
                ],
            }
            self.report(report, options["format"])
        sys.exit(0 if report["verified"] else 1)

    def report(self, report: dict[str, Any], file_format: str) -> None:
        """Write the report as JSON or as text; the differences go to standard error, in order."""
        if file_format == "json":
            self.stdout.write(json.dumps(report))
        elif report["verified"]:
            self.stdout.write(
                f"verified: {report['allocations']} allocations agree with the shares, the commitments and "
                f"the chain. {COMPARED if report['compared_with_published'] else NOT_COMPARED}"
            )
        for difference in report["differences"]:
            sequence = difference["sequence"]
            place = "ledger" if sequence is None else f"sequence {sequence}"
            self.stderr.write(f"{place}: {difference['message']}", self.style.NOTICE)
        if report["pending_claims"]:
            self.stderr.write(f"{report['pending_claims']} claims wait for the next draw to finish them")


def _read(path: Path | None) -> dict[str, Any] | None:
    """Return the published document; None without one. CommandError when it cannot be read."""
    if path is None:
        return None
    try:
        document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: cannot be read: {error}") from error
    if not isinstance(document, dict):
        raise CommandError(f"{path}: is not what publish_commitments writes")
    return document
