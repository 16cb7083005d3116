"""Migrates the embedded database, so that it always fits the code."""

import hashlib
import io
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

import devservices
from devservices.processes import Lock
from devservices.waiting import notice_while


def fingerprint() -> str:
    """Return a hash of everything that `migrate` depends on: migrations, and the application's rights.

    The rights depend on jobfirst/database/owner.py, jobfirst/row_security and attributes of the models;
    requirements.lock stands for the migrations of other apps.
    """
    base = Path(settings.BASE_DIR)
    patterns = (
        "*/migrations/*.py",
        "*/models.py",
        "*/models/*.py",
        "audit/history.py",
        "jobfirst/database/owner.py",
        "jobfirst/row_security/*.py",
    )
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in base.glob(pattern)):
        digest.update(f"{path.relative_to(base)}\0".encode())
        digest.update(path.read_bytes())
    digest.update((base / "requirements.lock").read_bytes())
    return digest.hexdigest()


def bring_up_to_date() -> None:
    """Migrate the embedded database if the migrations have changed since the last time.

    Prints nothing on standard output, which belongs to the command. A database given by DATABASE_URL is never
    migrated here.
    """
    layout = devservices.embedded_database()
    if layout is None:
        return
    stamp = layout.postgres / "jobfirst.migrated"
    current_fingerprint = fingerprint()
    if _content(stamp) == current_fingerprint:
        return
    lock = Lock(layout.root / "upgrade.lock")
    lock.take("Waiting for another command to bring the database up to date")
    try:
        if _content(stamp) != current_fingerprint:
            django.setup()
            with notice_while("Bringing the database up to date"):
                call_command(
                    "migrate", interactive=False, verbosity=0, stdout=io.StringIO(), stderr=sys.stderr
                )
            stamp.write_text(current_fingerprint)
    finally:
        lock.release()


def _content(path: Path) -> str:
    return path.read_text() if path.exists() else ""
