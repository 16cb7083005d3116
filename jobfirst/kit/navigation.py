"""The main menu and the landing page, from the entries that the apps have added."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from jobfirst.extension_points import menu_entries, role_choices

#: As many entries as fit into one row of 1280 pixels, in Danish.
MOST_BESIDE = 9


@dataclass(frozen=True)
class NavLink:
    """A menu entry as shown on the page."""

    label: str | Promise
    url: str
    current: bool
    is_rare: bool = False


def items_for(request: HttpRequest) -> list[NavLink]:
    """Return the user's menu; the current entry is the one with the longest URL that the page lies under."""
    entries = [(entry, reverse(entry.url_name)) for entry in menu_entries() if entry.is_for(request)]
    above = [url for _, url in entries if request.path.startswith(url)]
    current = max(above, key=len, default=None)
    return [NavLink(entry.label, url, url == current, entry.is_rare) for entry, url in entries]


def beside_and_under(items: Iterable[NavLink]) -> tuple[list[NavLink], list[NavLink]]:
    """Return the entries that stand beside each other on a wide screen, and those under "More"."""
    links = list(items)
    if len(links) <= MOST_BESIDE:
        return links, []
    return [link for link in links if not link.is_rare], [link for link in links if link.is_rare]


def landing_for(request: HttpRequest) -> str | None:
    """Return the URL the user lands on after sign-in; None when no landing page is visible to the user."""
    landings = [entry for entry in menu_entries() if entry.landing is not None]
    for entry in sorted(landings, key=lambda entry: (entry.landing, entry.url_name)):
        if entry.is_for(request):
            return reverse(entry.url_name)
    return None


def role_words(user: AbstractBaseUser | AnonymousUser) -> str:
    """Return the roles of a user in words, each once, in the order of the role list; empty without roles."""
    roles = {role for _, role in getattr(user, "held_roles", ())}
    return ", ".join(str(label) for value, label in role_choices() if value in roles)
