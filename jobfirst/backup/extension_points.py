"""Extension points of the backup: folders with stored files, facts for the manifest, and who is told."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FileFolder:
    """A folder below the data folder whose files belong to the rows of the database.

    Its files are written before the row that names them is committed, and never changed or removed: so a copy
    made after the snapshot of the database has every file that the snapshot names. `expected` returns the
    SHA-256 of the files that the rows name, by their path in the folder.
    """

    name: str
    expected: Callable[[], dict[str, str]]


_folders: dict[str, FileFolder] = {}
_facts: dict[str, Callable[[], dict[str, Any]]] = {}
_listeners: list[Callable[[], object]] = []
_restore_listeners: list[Callable[[], object]] = []
_unmute_guards: list[Callable[[], str]] = []


def add_file_folder(folder: FileFolder) -> None:
    """Include the folder's files in every backup."""
    _folders[folder.name] = folder


def add_backup_facts(name: str, facts: Callable[[], dict[str, Any]]) -> None:
    """Write what `facts` returns (JSON values) into the manifest; read in the snapshot of the backup."""
    _facts[name] = facts


def listen_to_backups(listener: Callable[[], object]) -> None:
    """Call `listener` before a backup is made; if it fails, none is."""
    if listener not in _listeners:
        _listeners.append(listener)


def listen_to_restores(listener: Callable[[], object]) -> None:
    """Call `listener` after a backup is restored, before it is checked; what it raises is told."""
    if listener not in _restore_listeners:
        _restore_listeners.append(listener)


def guard_unmuting(guard: Callable[[], str]) -> None:
    """Ask `guard` before a muted system sends again: it returns why not, or an empty text."""
    if guard not in _unmute_guards:
        _unmute_guards.append(guard)


def restore_listeners() -> list[Callable[[], object]]:
    """Return all who listen to restores."""
    return list(_restore_listeners)


def unmute_guards() -> list[Callable[[], str]]:
    """Return all guards of unmuting."""
    return list(_unmute_guards)


def file_folders() -> list[FileFolder]:
    """Return the folders by name."""
    return [_folders[name] for name in sorted(_folders)]


def backup_facts() -> dict[str, dict[str, Any]]:
    """Return all facts by name."""
    return {name: facts() for name, facts in sorted(_facts.items())}


def backup_listeners() -> list[Callable[[], object]]:
    """Return all who listen."""
    return list(_listeners)
