"""`verify_audit_log [--head FILE] [--read-only]`: check the tamper evidence of the access and change log."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.chain.heads import HeadFileError, read_head
from audit.chain.sealing import seal
from audit.chain.verification import CHAIN, MESSAGES, ChainFinding, verify
from jobfirst.row_security.context import all_projects

NOT_COMPARED = (
    "Nothing outside this system was compared: "
    "give --head with a file of export_audit_head or of the daily mail."
)
#: Findings in the JSON document; standard error has all of them.
MOST_IN_JSON = 10_000


class Command(BaseCommand):
    """Exit code 1 when a row or batch is not as it was sealed; each is named on standard error."""

    help = "Check every sealed row of the access records and of the history, then seal what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            metavar="FILE",
            type=Path,
            action="append",
            default=[],
            help="a head that was kept elsewhere; may be given several times",
        )
        parser.add_argument("--read-only", action="store_true", help="neither seal nor record the outcome")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("the log is that of all projects")
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            heads = [read_head(path) for path in options["head"]]
        except HeadFileError as error:
            raise CommandError(str(error)) from error
        listed: list[ChainFinding] = []

        def write_finding(finding: ChainFinding) -> None:
            self.stderr.write(str(finding), self.style.NOTICE)
            if len(listed) < MOST_IN_JSON:
                listed.append(finding)

        outcome = verify(heads, write_finding, is_recorded=not options["read_only"])
        sealed = None if options["read_only"] else seal()
        report = {
            "verified": not outcome.findings,
            "compared_with_heads": len(heads),
            "rows": outcome.rows,
            "batches": outcome.number,
            "head": outcome.batch_hash.hex(),
            "findings": outcome.findings,
            "newly_sealed": sealed.rows if sealed else 0,
            "waiting": sealed.waiting if sealed else [],
            "differences": [
                {
                    "table": None if finding.table == CHAIN else finding.table,
                    "batch" if finding.table == CHAIN else "row": finding.number,
                    "code": finding.code,
                    "message": MESSAGES[finding.code],
                }
                for finding in listed
            ],
        }
        self.report(report, options["format"])
        sys.exit(0 if report["verified"] else 1)

    def report(self, report: dict[str, Any], file_format: str) -> None:
        """Write the report as JSON or as text."""
        if file_format == "json":
            self.stdout.write(json.dumps(report))
            return
        if report["verified"]:
            compared = "They agree with the heads given as well." if report["compared_with_heads"] else ""
            self.stdout.write(
                f"verified: {report['rows']} rows in {report['batches']} batches are as they were sealed. "
                f"{compared or NOT_COMPARED}"
            )
        else:
            self.stdout.write(f"NOT verified: {report['findings']} difference(s) found.")
        if report["newly_sealed"]:
            self.stdout.write(f"{report['newly_sealed']} new row(s) sealed; they are part of the next check.")
