"""`restore DIR`: a backup into this system, which is muted until `unmute` (docs/formats.md)."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError

from jobfirst import progress
from jobfirst.backup.errors import BackupError
from jobfirst.backup.extension_points import restore_listeners
from jobfirst.backup.restoring import restore_backup
from jobfirst.row_security.context import all_projects

#: Run afterwards, where they exist; those that compare with keys only when the keys are those of the data.
CHECKS: dict[str, dict[str, bool]] = {
    "verify_stored": {},
    "verify_audit_log": {"read_only": True},  # what comes back stays as it was
    "verify_allocations": {},
}
NEED_KEYS = ("verify_allocations",)


class Command(BaseCommand):
    """Exit code 1 when it is refused (nothing has been changed), when it fails (the text says what is left),
    or when a check afterwards finds something."""

    help = "Restore a backup into this system, which must be empty. It sends nothing until `unmute`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="what `backup` made")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also when this system is not empty: all that is in it goes",
        )
        parser.add_argument("--manifest-sha256", metavar="HASH", help="the hash that `backup` printed")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    @all_projects("a backup has everything")
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with progress.on_terminal():
                result = restore_backup(
                    options["folder"],
                    replace=options["replace"],
                    manifest_sha256=options["manifest_sha256"],
                    warn=lambda text: self.stderr.write(text, self.style.WARNING),
                )
        except BackupError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            text = f"The files cannot be read or written: {error.strerror}. No row has been changed."
            raise CommandError(text) from error
        self.tell_listeners()
        checks = self.check_stored(keys_fit=result.keys_fit)
        manifest = result.manifest
        if options["format"] == "json":
            document = {
                "made_at": manifest.made_at,
                "tables": len(manifest.tables),
                "rows": manifest.rows,
                "files": sum(file.path.startswith("files/") for file in manifest.files),
                "muted": True,
                "keys_fit": result.keys_fit,
                "checks": checks,
            }
            self.stdout.write(json.dumps(document))
        else:
            self.stdout.write(f"Restored the backup of {manifest.made_at}: {manifest.rows} rows.")
            self.stdout.write("This system is muted: it sends nothing until `unmute`.")
            for name, outcome in checks.items():
                self.stdout.write(f"{name}: {outcome}")
        if "failed" in checks.values():
            raise CommandError("Everything was restored, but a check has found differences (see above).")

    def tell_listeners(self) -> None:
        """Call those who listen to restores (the list of erasures); CommandError when one fails."""
        for listener in restore_listeners():
            try:
                listener()
            except Exception as error:
                name = f"{listener.__module__}.{listener.__name__}"
                raise CommandError(
                    f"Everything was restored, but {name} failed ({type(error).__name__}: {error}). "
                    "This system stays muted."
                ) from error

    def check_stored(self, *, keys_fit: bool) -> dict[str, str]:
        """Run the checks of the stored data; return `ok`, `failed` or `skipped` by name."""
        outcomes = {}
        for name, settings in CHECKS.items():
            if name not in get_commands():
                continue
            if name in NEED_KEYS and not keys_fit:
                outcomes[name] = "skipped"
                continue
            try:
                call_command(name, stdout=self.stderr, stderr=self.stderr, **settings)
            except CommandError as error:
                self.stderr.write(f"{name}: {error}")
                outcomes[name] = "failed"
            except SystemExit as end:
                outcomes[name] = "failed" if end.code else "ok"
            else:
                outcomes[name] = "ok"
        return outcomes
