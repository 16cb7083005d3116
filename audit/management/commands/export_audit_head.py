"""`export_audit_head [--output FILE]`: the head of the audit log's chain, to be kept elsewhere."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.chain.heads import head_document
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    """Exit code 1 when the file cannot be written."""

    help = (
        "Write the head of the audit log's chain as JSON. Keep it outside; verify_audit_log --head reads it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", metavar="FILE", type=Path, help="default: standard output")

    @all_projects("the log is that of all projects")
    def handle(self, *args: Any, **options: Any) -> None:
        text = json.dumps(head_document(), indent=1)
        if options["output"] is None:
            self.stdout.write(text)
        else:
            try:
                options["output"].write_text(f"{text}\n", "utf-8")
            except OSError as error:
                raise CommandError(f"{options['output']} cannot be written: {error.strerror}.") from error
