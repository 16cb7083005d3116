"""What every app adds to the frame of the pages: entries in the main menu, words for roles, permissions.

An app calls these functions in `AppConfig.ready()`; `jobfirst.kit.navigation` reads the entries.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from rules.permissions import add_perm
from rules.predicates import Predicate


@dataclass(frozen=True)
class NavItem:
    """One entry of the main menu.

    `url_name` must take no arguments. `permission` (a django-rules name) or `predicate` decides who sees
    it; both empty means everybody who is signed in. `order` sorts the menu, lowest first.

    `landing` marks the page a role lands on after sign-in; of those a person may see, the lowest number
    wins: leader 10, course owner 20, job consultant 30, mentor 40, caseworker 50, agency 60,
    administrator 70.
    """

    label: str | Promise
    url_name: str
    permission: str = ""
    predicate: Callable[[HttpRequest], bool] | None = None
    order: int = 100
    landing: int | None = None

    def is_for(self, request: HttpRequest) -> bool:
        """Whether the signed-in person is to see the entry."""
        if self.permission and not request.user.has_perm(self.permission):
            return False
        return self.predicate is None or self.predicate(request)


RoleChoices = list[tuple[str, str | Promise]]

_entries: dict[str, NavItem] = {}
_role_choices: RoleChoices = []


def add_to_menu(*entries: NavItem) -> None:
    """Add entries to the main menu. ValueError when a page has one already."""
    for entry in entries:
        if _entries.setdefault(entry.url_name, entry) != entry:
            raise ValueError(f"two entries of the menu lead to {entry.url_name}")


def menu_entries() -> list[NavItem]:
    """Return the entries of the main menu in their order."""
    return sorted(_entries.values(), key=lambda entry: entry.order)


def name_roles(choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Say what the roles are called, in the order in which they are listed: value and label."""
    _role_choices[:] = choices


def role_choices() -> RoleChoices:
    """Return the roles with their labels, in order."""
    return list(_role_choices)


def add_permissions(permissions: Mapping[str, Predicate]) -> None:
    """Add an app's permissions: for each name the predicate that decides. KeyError when a name is taken."""
    for name, predicate in permissions.items():
        add_perm(name, predicate)
