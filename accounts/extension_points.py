"""The extension points of accounts: what people do in their roles, changes of projects and accounts.

An app calls `add_duties`, `guard_projects`, `listen_to_projects` or `listen_to_accounts` in
`AppConfig.ready()`.
"""

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from accounts.models import Project, User
from jobfirst.row_security.context import all_projects

#: Who takes over what a person does, by project id and role. What is not named stays vacant.
Successors = Mapping[tuple[int, str], User]


class Duty(NamedTuple):
    """In how many courses a person does something in a role of a project."""

    project_id: int
    role: str
    courses: int


@dataclass(frozen=True)
class Duties:
    """What people do in their roles, as a higher app knows it.

    `count` returns what a person does on the day or later; `end` ends it from the day on, in the transaction
    that takes the role (`project` and `role` None: all of them) or closes the account, and gives it to the
    successors. `count_left` returns what the person left and nobody has taken over since; `give_back` gives
    it back from the day on and returns in how many courses. All of it in these projects, or in all. `lock`
    locks all that several people do, for a transaction that ends more than one person's.
    """

    count: "CountDuties"
    end: "EndDuties"
    count_left: "CountDuties"
    give_back: "GiveBackDuties"
    lock: "LockDuties"


class CountDuties(Protocol):
    """Counts duties of a person by project and role."""

    def __call__(
        self, user: User, today: datetime.date, *, projects: Collection[int] | None = None
    ) -> list[Duty]: ...


class EndDuties(Protocol):
    """Ends what a person holds in a role of a project (None: in all) from `today` on, in its transaction."""

    def __call__(
        self,
        user: User,
        today: datetime.date,
        *,
        project: Project | None,
        role: str | None,
        successors: Successors,
        by: User | None,
    ) -> None: ...


class GiveBackDuties(Protocol):
    """Gives vacant duties back to a person, who is told unless it is `by`."""

    def __call__(
        self,
        user: User,
        today: datetime.date,
        *,
        projects: Collection[int] | None = None,
        by: User | None = None,
    ) -> int: ...


class LockDuties(Protocol):
    """Locks the rows of what users (ids) do on the day or later."""

    def __call__(self, users: Collection[int], today: datetime.date) -> None: ...


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

#: Told of a user whose account was closed or whose address changed, in the transaction that did it.
AccountListener = Callable[[User], None]

_duties: list[Duties] = []
_project_guards: list[ProjectGuard] = []
#: Whether each listener is told after the others.
_project_listeners: dict[ProjectListener, bool] = {}
_account_listeners: list[AccountListener] = []


def add_duties(duties: Duties) -> None:
    """Register what people do in their roles."""
    if duties not in _duties:
        _duties.append(duties)


@all_projects("accounts are managed by who sees no project")
def count_duties(user: User, today: datetime.date, *, projects: Collection[int] | None = None) -> list[Duty]:
    """Return what the user does in roles of the projects (None: all) on the day or later."""
    return [duty for duties in _duties for duty in duties.count(user, today, projects=projects)]


@all_projects("accounts are managed by who sees no project")
def count_left_duties(
    user: User, today: datetime.date, *, projects: Collection[int] | None = None
) -> list[Duty]:
    """Return what the user did in roles held again, and nobody has taken over since."""
    return [duty for duties in _duties for duty in duties.count_left(user, today, projects=projects)]


@all_projects("accounts are managed by who sees no project")
def give_duties_back(user: User, today: datetime.date, *, by: User | None = None) -> int:
    """Give back to the user what nobody has taken over since; return how much it was."""
    return sum(duties.give_back(user, today, by=by) for duties in _duties)


@all_projects("accounts are managed by who sees no project")
def lock_duties(users: Collection[int], today: datetime.date) -> None:
    """Lock what the users (ids) do on the day or later, before `role_ended` is called for each of them."""
    for duties in _duties if users else []:
        duties.lock(users, today)


@all_projects("accounts are managed by who sees no project")
def role_ended(
    user: User,
    today: datetime.date,
    *,
    project: Project | None = None,
    role: str | None = None,
    successors: Successors | None = None,
    by: User | None = None,
) -> None:
    """End what the user does: the role was taken, or the account closed (`role` and `project` None).

    Needs the locks of the user and the successors. These are told, but for whoever does it (`by`); without
    `by` nobody is.
    """
    for duties in _duties:
        duties.end(user, today, project=project, role=role, successors=successors or {}, by=by)


def guard_projects(guard: ProjectGuard) -> None:
    """Register a guard, which may object to changes of projects."""
    if guard not in _project_guards:
        _project_guards.append(guard)


@all_projects("accounts are managed by who sees no project")
def project_objections(changes: Changes) -> dict[int, dict[str, str]]:
    """Return the objections of all guards, by project id and field; of several the first guard's."""
    changed = {pk: fields for pk, fields in changes.items() if fields}
    objections: dict[int, dict[str, str]] = {}
    for guard in _project_guards if changed else []:
        for pk, by_field in guard(changed).items():
            objections[pk] = {**by_field, **objections.get(pk, {})}
    return objections


def listen_to_projects(listener: ProjectListener, *, after_others: bool = False) -> None:
    """Let something follow when projects are made or changed.

    `after_others`: once the other listeners have locked the rows they need (docs/architecture.md, "The order
    of locks").
    """
    _project_listeners[listener] = after_others


@all_projects("accounts are managed by who sees no project")
def projects_saved(slugs: Collection[str]) -> None:
    """Tell the listeners that the projects were saved."""
    if not slugs:
        return
    for listener in sorted(_project_listeners, key=lambda listener: _project_listeners[listener]):
        listener(slugs)


def listen_to_accounts(listener: AccountListener) -> None:
    """Let something follow when an account is closed or its address changes: what lets anybody in ends."""
    if listener not in _account_listeners:
        _account_listeners.append(listener)


@all_projects("accounts are managed by who sees no project")
def access_changed(user: User) -> None:
    """Tell the listeners that the account was closed, or has another address."""
    for listener in _account_listeners:
        listener(user)
