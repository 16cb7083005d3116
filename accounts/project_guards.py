"""What must stay as it is in a project: other parts of the house say so, and an import asks them first.

A guard is declared in a module `guards` of its app, which is read at start-up.
"""

from collections.abc import Callable, Mapping
from typing import Any

#: What would change: of which projects (by id) which fields, from what to what.
Changes = Mapping[int, Mapping[str, tuple[Any, Any]]]
#: Why some of them must not, by project and field.
Objections = Mapping[int, Mapping[str, str]]
Guard = Callable[[Changes], Objections]

_guards: list[Guard] = []


def register(guard: Guard) -> None:
    """Add a guard; registering it again changes nothing."""
    if guard not in _guards:
        _guards.append(guard)


def objections(changes: Changes) -> dict[int, dict[str, str]]:
    """What all guards say to the changes, by project id and field; the first one is heard."""
    asked = {pk: names for pk, names in changes.items() if names}
    found: dict[int, dict[str, str]] = {}
    for guard in _guards if asked else []:
        for pk, said in guard(asked).items():
            found[pk] = {**said, **found.get(pk, {})}
    return found
