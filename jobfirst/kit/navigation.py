"""The main menu and the page one lands on, from the entries that the apps have added."""

from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from jobfirst.extension_points import menu_entries, role_choices


@dataclass(frozen=True)
class NavLink:
    """A menu entry as the page shows it."""

    label: str | Promise
    url: str
    current: bool


def items_for(request: HttpRequest) -> list[NavLink]:
    """Return the menu of the person who asks; the current entry is the longest that the page lies under."""
    entries = [(entry, reverse(entry.url_name)) for entry in menu_entries() if entry.is_for(request)]
    above = [url for _, url in entries if request.path.startswith(url)]
    current = max(above, key=len, default=None)
    return [NavLink(entry.label, url, url == current) for entry, url in entries]


def landing_for(request: HttpRequest) -> str | None:
    """Return the address the person lands on after sign-in; None when no page of the menu is theirs."""
    landings = [entry for entry in menu_entries() if entry.landing is not None]
    for entry in sorted(landings, key=lambda entry: (entry.landing, entry.url_name)):
        if entry.is_for(request):
            return reverse(entry.url_name)
    return None


def role_words(user: AbstractBaseUser | AnonymousUser) -> str:
    """Return the roles of a user in words, each once, in the order of the role list; empty without roles."""
    held = {role for _, role in getattr(user, "held_roles", ())}
    return ", ".join(str(label) for value, label in role_choices() if value in held)
