"""The list of erasures outside the database: a line for each, without personal data.

A restored backup holds the citizens who were erased since. By the list they are found and erased again
(`rights.erasure.replay`), so it must lie where a lost database does not take it along (docs/operations.md).
"""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings

from rights.models import Erasure

NAME = "erasures.jsonl"


class ListError(Exception):
    """The file is not the list of this system; the text says why."""


def list_path() -> Path:
    """Return where the list lies."""
    return Path(settings.JOBFIRST_ERASURES_DIR) / NAME


def read_list(path: Path) -> list[dict[str, Any]]:
    """Return the lines of the list; none when there is no file. ListError when it is damaged."""
    if not path.exists():
        return []
    lines = []
    for position, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            line = json.loads(text)
        except ValueError as error:
            raise ListError(f"{path}: line {position} cannot be read.") from error
        if (
            not isinstance(line, dict)
            or line.get("number") != position
            or len(str(line.get("subject"))) != 64
        ):
            raise ListError(f"{path}: line {position} is not erasure {position}.")
        lines.append(line)
    return lines


def as_line(erasure: Erasure) -> dict[str, Any]:
    """Return the erasure as a line of the list."""
    upto = {} if erasure.upto is None else {"upto": erasure.upto.isoformat()}
    return upto | {
        "number": erasure.number,
        "kind": erasure.kind,
        "on": erasure.on.isoformat(),
        "subject": bytes(erasure.subject_hash).hex(),
        "run": str(erasure.run),
        "proposed_by": erasure.proposed_by,
        "approved_by": erasure.approved_by,
        "erased_at": erasure.erased_at.isoformat(),
    }


def read_own_list() -> list[dict[str, Any]]:
    """Return the lines of the list. ListError when it is damaged, or does not begin as this database's."""
    path = list_path()
    lines = read_list(path)
    stored = Erasure.objects.order_by("number").values_list("subject_hash", flat=True)
    if any(
        line["subject"] != bytes(stored_hash).hex() for line, stored_hash in zip(lines, stored, strict=False)
    ):
        raise ListError(f"{path} is the list of another system.")
    return lines


def write_list() -> int:
    """Append to the file the erasures that it lacks, and return how many. ListError when it holds others."""
    path = list_path()
    present = len(read_own_list())
    added = [as_line(erasure) for erasure in Erasure.objects.order_by("number")[present:]]
    if added:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as out:
            out.writelines(json.dumps(line, sort_keys=True) + "\n" for line in added)
            out.flush()
            os.fsync(out.fileno())
    return len(added)
