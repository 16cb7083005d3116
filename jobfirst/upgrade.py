"""Keeps the embedded database at the shape of the code, so that a fresh folder is a fresh system."""

import hashlib
import io
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

from jobfirst import services
from jobfirst.services.processes import Lock


def fingerprint() -> str:
    """Return a hash over the names and contents of the project's migrations and models' rights."""
    digest = hashlib.sha256()
    for folder in sorted(settings.BASE_DIR.glob("*/migrations")):
        for path in sorted(folder.glob("*.py")):
            digest.update(f"{folder.parent.name}/{path.name}\0".encode())
            digest.update(path.read_bytes())
    digest.update((Path(settings.BASE_DIR) / "requirements.lock").read_bytes())  # other apps' migrations
    return digest.hexdigest()


def bring_up_to_date() -> None:
    """Migrate the embedded database if the migrations are not those it was last migrated with.

    Silent on standard output, which belongs to the command. A database given by DATABASE_URL is never
    migrated unasked.
    """
    layout = services.embedded_database()
    if layout is None:
        return
    stamp = layout.postgres / "jobfirst.migrated"
    wanted = fingerprint()
    if _content(stamp) == wanted:
        return
    lock = Lock(layout.root / "upgrade.lock")
    lock.take()
    try:
        if _content(stamp) != wanted:
            django.setup()
            call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO(), stderr=sys.stderr)
            stamp.write_text(wanted)
    finally:
        lock.release()


def _content(path: Path) -> str:
    return path.read_text() if path.exists() else ""
