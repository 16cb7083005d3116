"""`backup --output DIR`: the database and the stored files, verified by hash (docs/formats.md)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobfirst import progress
from jobfirst.backup.making import make_backup
from jobfirst.files.private_folder import FolderError
from jobfirst.row_security.context import all_projects


class Command(BaseCommand):
    """Exit code 1 when no backup was made; then nothing is left that looks like one."""

    help = "Back up the database and the stored files into a new folder. The keys are not in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", metavar="DIR", type=Path, required=True, help="a folder to be made")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("a backup has everything")
    def handle(self, *args: Any, **options: Any) -> None:
        output: Path = options["output"]
        try:
            with progress.on_terminal():
                result = make_backup(output)
        except FolderError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(
                f"{output} cannot be written: {error.strerror}. No backup was made."
            ) from error
        for path in result.missing:
            self.stderr.write(f"Missing or damaged in this system: {path}", self.style.WARNING)
        manifest = result.manifest
        if options["format"] == "json":
            document = {
                "output": str(output),
                "made_at": manifest.made_at,
                "version": manifest.version,
                "tables": len(manifest.tables),
                "rows": manifest.rows,
                "files": sum(file.path.startswith("files/") for file in manifest.files),
                "bytes": sum(file.size for file in manifest.files),
                "missing": result.missing,
                "manifest_sha256": result.sha256,
            }
            self.stdout.write(json.dumps(document))
            return
        self.stdout.write(
            f"{output}: {manifest.rows} rows of {len(manifest.tables)} tables, with their files."
        )
        self.stdout.write(f"SHA-256 of the manifest: {result.sha256}")
        self.stdout.write("The keys are not in the backup. Without them CPR numbers cannot be read.")
