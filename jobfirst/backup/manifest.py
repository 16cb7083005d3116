"""The manifest of a backup: what is in it, of which version, and the SHA-256 of each file.

The manifest itself is protected by `manifest.sha256`. Hashes find what went wrong on a disk or on the way;
they do not stop somebody who may write to the backup, who can make them anew. `backup` prints the manifest's
hash: kept elsewhere, it shows that too (`restore --manifest-sha256`).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.conf import settings

from jobfirst.backup.errors import BackupError
from jobfirst.encryption import crypto
from jobfirst.files.private_folder import NewFolder, StoredFile, hash_of

FORMAT = 1
NAME = "manifest.json"
HASH_NAME = "manifest.sha256"
#: What a key must answer; the answer tells nothing of a random key of 256 bits.
QUESTION = b"JobFirst: is this the key of the backup?"


@dataclass(frozen=True, slots=True)
class TableCopy:
    """A table in the backup: its file and the columns in the order of the file, and how many rows."""

    name: str
    columns: list[str]
    rows: int
    path: str


@dataclass(frozen=True, slots=True)
class SequencePosition:
    """Where the numbers of a sequence had come to."""

    name: str
    last_value: int
    is_called: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """All that `restore` must know; `facts` are for people who look at a backup (the ledger's head)."""

    format: int
    version: str
    made_at: str
    mode: str
    postgresql: str
    migrations: list[str]
    keys: dict[str, str]
    tables: list[TableCopy]
    sequences: list[SequencePosition]
    left_out: dict[str, str]
    files: list[StoredFile]
    facts: dict[str, Any]

    @property
    def rows(self) -> int:
        """The number of rows in all tables."""
        return sum(table.rows for table in self.tables)


def write(folder: NewFolder, manifest: Manifest) -> str:
    """Write the manifest and its hash; return the hash."""
    text = json.dumps(asdict(manifest), indent=1, ensure_ascii=False) + "\n"
    stored = folder.write(NAME, [text.encode()])
    folder.write(HASH_NAME, [f"{stored.sha256}  {NAME}\n".encode()])
    return stored.sha256


def read(folder: Path, expected_sha256: str | None = None) -> Manifest:
    """Return the manifest. BackupError when it is missing, changed, or of a later format."""
    path, hash_path = folder / NAME, folder / HASH_NAME
    if not path.is_file() or not hash_path.is_file():
        raise BackupError(f"{folder} is not a complete backup: {NAME} or {HASH_NAME} is missing.")
    sha256 = hash_of(path)
    if hash_path.read_bytes() != f"{sha256}  {NAME}\n".encode():
        raise BackupError(f"{path} or {HASH_NAME} has been changed or damaged. Use another backup.")
    if expected_sha256 is not None and not hmac.compare_digest(expected_sha256.strip().lower(), sha256):
        raise BackupError(f"{path} is not the one with the hash that was given.")
    document = json.loads(path.read_text("utf-8"))
    if document.get("format") != FORMAT:
        raise BackupError(f"{folder} was made by a newer version of JobFirst: restore with that version.")
    document["tables"] = [TableCopy(**entry) for entry in document["tables"]]
    document["sequences"] = [SequencePosition(**entry) for entry in document["sequences"]]
    document["files"] = [StoredFile(**entry) for entry in document["files"]]
    return Manifest(**document)


def damaged_files(folder: Path, manifest: Manifest) -> list[str]:
    """Return the paths of the files that are missing or whose bytes differ from what was written."""
    damaged = []
    for stored in manifest.files:
        path = folder / stored.path
        if not path.is_file() or path.stat().st_size != stored.size or hash_of(path) != stored.sha256:
            damaged.append(stored.path)
    return damaged


def current_version() -> str:
    """Return the version of JobFirst, as pyproject.toml has it."""
    try:
        return version("jobfirst")
    except PackageNotFoundError:  # run from a checkout, which is not installed as a package
        import tomllib

        with (settings.BASE_DIR / "pyproject.toml").open("rb") as file:
            return str(tomllib.load(file)["project"]["version"])


def key_answers() -> dict[str, str]:
    """Return what each key of this system answers, by name: to tell whether the keys fit the data."""
    lists = {
        "JOBFIRST_CPR_KEYS": crypto.cpr_keys(),
        "JOBFIRST_LOOKUP_KEY": crypto.lookup_keys(),
        "JOBFIRST_PSEUDONYM_KEY": crypto.pseudonym_keys(),
    }
    return {
        f"{name} {number}": hmac.new(key, QUESTION, hashlib.sha256).hexdigest()[:32]
        for name, keys in lists.items()
        for number, key in keys.items()
    }


def missing_keys(needed: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """Return the names of the keys that are not there, with their numbers.

    A manifest of an earlier version names the keys of lookup and pseudonyms without a number; a pseudonym's
    key is not needed, since pseudonyms are stored.
    """
    answers = set(present.values())
    return [
        name
        for name, answer in needed.items()
        if not name.startswith("JOBFIRST_PSEUDONYM_KEY")
        and (present.get(name) != answer if " " in name else answer not in answers)
    ]
