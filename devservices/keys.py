"""Secrets of an embedded installation: created once, stored in `keys.env` (mode 0600) in the data folder."""

import base64
import os
import secrets
from pathlib import Path

from devservices.errors import ServiceError

# The passwords of the database roles; outside the file they are only in the two database URLs.
OWNER_ENTRY = "JOBFIRST_EMBEDDED_OWNER_PASSWORD"
APP_ENTRY = "JOBFIRST_EMBEDDED_APP_PASSWORD"
ADMIN_ENTRY = "JOBFIRST_EMBEDDED_ADMIN_PASSWORD"
PRIVATE = {OWNER_ENTRY, APP_ENTRY, ADMIN_ENTRY}
AGENCY_SHARE = "JOBFIRST_DRAW_SHARE_AGENCY"
OPERATOR_SHARE = "JOBFIRST_DRAW_SHARE_OPERATOR"
#: Both in one file only here: an embedded system is a rehearsal.
SHARES = {AGENCY_SHARE, OPERATOR_SHARE}


def random_key() -> str:
    """Return 32 random bytes as URL-safe base64."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def new_secret(name: str) -> str:
    """Return a new value for the secret `name`."""
    if name == "JOBFIRST_CPR_KEYS":
        return f"1:{random_key()}"
    if name == "DJANGO_SECRET_KEY":
        return secrets.token_urlsafe(50)
    if name in PRIVATE:
        return secrets.token_hex(32)
    return random_key()


NAMES = (
    "DJANGO_SECRET_KEY",
    "JOBFIRST_CPR_KEYS",
    "JOBFIRST_LOOKUP_KEY",
    "JOBFIRST_PSEUDONYM_KEY",
    AGENCY_SHARE,
    OPERATOR_SHARE,
    OWNER_ENTRY,
    APP_ENTRY,
    ADMIN_ENTRY,
)


def read(path: Path) -> dict[str, str]:
    """Return the names and values in `path`; empty if there is no such file."""
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        return {}
    except PermissionError:
        raise ServiceError(
            f"{path} belongs to another user; run as that user, "
            "or set JOBFIRST_DATA_DIR to a folder of your own"
        ) from None
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name: value for name, _, value in pairs}


def load_or_create(path: Path) -> dict[str, str]:
    """Return the secrets stored at `path`, after adding missing ones.

    The caller holds the start lock. The file is replaced as a whole, so that a crash leaves the old one.
    """
    stored_secrets = read(path)
    missing = [name for name in NAMES if name not in stored_secrets]
    if not missing:
        return stored_secrets
    stored_secrets.update((name, new_secret(name)) for name in missing)
    text = "# Secrets of this installation. Without them its CPR numbers cannot be read: keep a copy safe.\n"
    text += "".join(f"{name}={value}\n" for name, value in stored_secrets.items())
    new_file = path.with_suffix(".new")
    new_file.unlink(missing_ok=True)
    with os.fdopen(os.open(new_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new_file.replace(path)
    return stored_secrets
