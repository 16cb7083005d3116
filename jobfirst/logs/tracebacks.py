"""An exception as the log holds it: its classes and where it was raised, without its text and its values.

The text of an exception often quotes the value that was wrong: a name, a number, an address, a row.
"""

import traceback
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent.parent
MOST_FRAMES = 40


def described(error: BaseException) -> dict[str, Any]:
    """Return the exception and those that caused it, the first cause last, for a line of the log.

    Of an error of the database also its code and the names of the table and the constraint.
    """
    description: dict[str, Any] = {"class": _class_name(error), "at": _frames(error)}
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None:
        facts = {
            "sqlstate": diagnosis.sqlstate,
            "table": diagnosis.table_name,
            "constraint": diagnosis.constraint_name,
        }
        description |= {name: fact for name, fact in facts.items() if fact}
    if code := getattr(error, "smtp_code", None):
        description["smtp_code"] = code
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        description["cause"] = described(cause)
    return description


def _class_name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _frames(error: BaseException) -> list[str]:
    """Return "file:line function" of each frame, the innermost last; the outermost are left out of many."""
    frames = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    return frames[-MOST_FRAMES:]


def _short(name: str) -> str:
    """Return the file's path from the project's folder, or from that of the packages."""
    path = Path(name)
    if path.is_relative_to(PROJECT) and "site-packages" not in path.parts:
        return str(path.relative_to(PROJECT))
    return name.rpartition("site-packages/")[2]
