"""The extension points of accounts: what ends with a role, and which changes of a project are refused.

An app calls `end_with_role`, `guard_projects` or `listen_to_projects` in `AppConfig.ready()`.
"""

import datetime
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, Protocol

from accounts.models import Project, User


class RoleEnding(Protocol):
    """Ends what a person holds in a role of a project (None: in all) from `today` on, in its transaction."""

    def __call__(
        self, user: User, today: datetime.date, *, project: Project | None, role: str | None
    ) -> None: ...


class FieldChange(NamedTuple):
    """A field's value before and after."""

    old: object
    new: object


#: The changes of an import, by project id and field.
Changes = Mapping[int, Mapping[str, FieldChange]]
#: The reasons why changes are refused, by project id and field.
Objections = Mapping[int, Mapping[str, str]]
ProjectGuard = Callable[[Changes], Objections]

#: Told of projects (by slug) that were saved, in the transaction that saved them.
ProjectListener = Callable[[Collection[str]], None]

_role_endings: list[RoleEnding] = []
_project_guards: list[ProjectGuard] = []
_project_listeners: list[ProjectListener] = []


def end_with_role(ending: RoleEnding) -> None:
    """Register what ends when a user's role is taken or the account is closed."""
    if ending not in _role_endings:
        _role_endings.append(ending)


def role_ended(
    user: User,
    today: datetime.date,
    *,
    project: Project | None = None,
    role: str | None = None,
) -> None:
    """Call the registered endings: the role was taken, or the account closed (`role` and `project` None)."""
    for ending in _role_endings:
        ending(user, today, project=project, role=role)


def guard_projects(guard: ProjectGuard) -> None:
    """Register a guard, which may object to changes of projects."""
    if guard not in _project_guards:
        _project_guards.append(guard)


def project_objections(changes: Changes) -> dict[int, dict[str, str]]:
    """Return the objections of all guards, by project id and field; of several the first guard's."""
    changed = {pk: fields for pk, fields in changes.items() if fields}
    objections: dict[int, dict[str, str]] = {}
    for guard in _project_guards if changed else []:
        for pk, by_field in guard(changed).items():
            objections[pk] = {**by_field, **objections.get(pk, {})}
    return objections


def listen_to_projects(listener: ProjectListener) -> None:
    """Let something follow when projects are made or changed."""
    if listener not in _project_listeners:
        _project_listeners.append(listener)


def projects_saved(slugs: Collection[str]) -> None:
    """Tell the listeners that the projects were saved."""
    for listener in _project_listeners if slugs else []:
        listener(slugs)
