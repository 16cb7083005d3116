"""The main menu: each app registers its own entries, so that the page frame knows no app."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise


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


@dataclass(frozen=True)
class NavLink:
    """A menu entry as the page shows it."""

    label: str | Promise
    url: str
    current: bool


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add an entry; registering the same `url_name` again replaces the first."""
    _items[item.url_name] = item


def items_for(request: HttpRequest) -> list[NavLink]:
    """The menu of the person who asks, with the entry marked that the page lies under (longest match)."""
    allowed = [item for item in sorted(_items.values(), key=lambda item: item.order) if item.is_for(request)]
    urls = [(item, reverse(item.url_name)) for item in allowed]
    under = [url for _, url in urls if request.path.startswith(url)]
    here = max(under, key=len, default=None)
    return [NavLink(item.label, url, url == here) for item, url in urls]


def landing_for(request: HttpRequest) -> str | None:
    """The address the person lands on after sign-in; None when no page of the menu is hers."""
    landings = sorted((item.landing, item.url_name) for item in _items.values() if item.landing is not None)
    for _priority, url_name in landings:
        if _items[url_name].is_for(request):
            return reverse(url_name)
    return None


def role_words(user: Any) -> str:
    """The roles of a user in words, each once, in the order of the role list; empty without roles."""
    held = {role for _, role in getattr(user, "held_roles", ())}
    choices = _role_choices.get("choices", ())
    return ", ".join(str(label) for value, label in choices if value in held)


_role_choices: dict[str, Any] = {}


def name_roles(choices: Any) -> None:
    """Tell the frame what the roles are called (`accounts` calls this; the frame knows no app)."""
    _role_choices["choices"] = list(choices)
