"""Base of the import commands: exit codes, error lines and JSON as in docs/formats.md."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import translation

from jobfirst import progress
from jobfirst.exchange.reading import read_table
from jobfirst.exchange.rows import BadFile, FileTable, RowError
from jobfirst.extension_points import note_import
from jobfirst.row_security.context import all_projects


class ImportReport(dict[str, Any]):
    """The result of an import: the JSON document; `line` is its text.

    `contradicted` is there when rows contradict what a person has entered: they are listed, with line and
    column, and not applied (D42).
    """

    @property
    def line(self) -> str:
        """The counts, then a line for each contradicted value."""
        counts = ", ".join(f"{key}: {len(v) if isinstance(v, list) else v}" for key, v in self.items())
        return "\n".join([counts, *self.contradiction_lines])

    @property
    def contradiction_lines(self) -> list[str]:
        """A line for each contradicted value."""
        return [
            f"line {entry['line']}: {entry['column']}: {entry['message']}"
            for entry in self.get("contradicted", [])
        ]

    def listing(self, contradictions: Iterable[RowError]) -> Self:
        """Return the report with the contradictions, if there are any."""
        entries = [asdict(contradiction) for contradiction in contradictions]
        if entries:
            self["contradicted"] = entries
        return self


class ImportCommand(BaseCommand):
    """`COMMAND FILE [--dry-run] [--format text|json]`.

    A subclass sets `columns` and implements `load(table)`, which saves the rows in the transaction opened
    here and raises BadFile (through `table.raise_errors()`) when there are errors: then nothing is saved. A
    dry run is rolled back.
    """

    columns: Sequence[str] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        columns = [
            f"{name} (may be left out)" if getattr(name, "is_optional", False) else str(name)
            for name in self.columns
        ]
        parser.add_argument(
            "file",
            metavar="FILE",
            help=f"CSV in UTF-8 or .xlsx; the columns, in this order: {'; '.join(columns)} (docs/formats.md)",
        )
        parser.add_argument("--dry-run", action="store_true", help="check without saving")
        parser.add_argument(
            "--format", choices=["text", "json"], default="text", help="text, or one JSON document"
        )

    def load(self, table: FileTable) -> ImportReport:
        """Save the rows and return the report; BadFile when there are errors."""
        raise TypeError(f"{type(self).__module__} does not say how its rows are saved")

    @all_projects("a file may have rows of every project")
    def handle(self, *args: Any, **options: Any) -> None:
        name = options["file"]
        try:
            # Commands always print English: programs read their lines.
            with (
                translation.override("en"),
                progress.on_terminal(),
                closing(read_table(Path(name), self.columns)) as table,
                transaction.atomic(),
            ):
                report = self.load(table)
                if options["dry_run"]:
                    transaction.set_rollback(True)
                else:
                    note_import()
        except BadFile as refused:
            for error in refused.errors:
                self.stderr.write(error.at(name), self.style.NOTICE)
            sys.exit(1)
        if options["format"] == "json":
            self.stdout.write(json.dumps(report, ensure_ascii=False, default=str))
        else:
            self.stdout.write(report.line + (" (dry run)" if options["dry_run"] else ""))
