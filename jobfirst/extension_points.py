"""Extension points of the page frame: main menu entries, names of roles, permissions, files in and out.

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

    `url_name` takes no arguments. `permission` (a django-rules name) or `predicate` decides who sees it; when
    both are empty, every signed-in user does. `order` sorts the menu, lowest first. `landing` marks a page
    that users land on after sign-in; of those that a user may see the lowest number wins: leader 10, course
    owner 20, job consultant 30, mentor 40, caseworker 50, agency 60, administrator 70. `is_rare` puts the
    entry under "More" where somebody has more entries than fit beside each other.
    """

    label: str | Promise
    url_name: str
    permission: str = ""
    predicate: Callable[[HttpRequest], bool] | None = None
    order: int = 100
    landing: int | None = None
    is_rare: bool = False

    def is_for(self, request: HttpRequest) -> bool:
        """Whether the user of the request sees the entry."""
        if self.permission and not request.user.has_perm(self.permission):
            return False
        return self.predicate is None or self.predicate(request)


RoleChoices = list[tuple[str, str | Promise]]

_entries: dict[str, NavItem] = {}
_role_choices: RoleChoices = []


def add_to_menu(*entries: NavItem) -> None:
    """Add entries to the main menu. ValueError when two lead to the same page."""
    for entry in entries:
        if _entries.setdefault(entry.url_name, entry) != entry:
            raise ValueError(f"two entries of the menu lead to {entry.url_name}")


def menu_entries() -> list[NavItem]:
    """Return the entries of the main menu in order."""
    return sorted(_entries.values(), key=lambda entry: entry.order)


def name_roles(choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Set the names of the roles in display order: value and label."""
    _role_choices[:] = choices


def role_choices() -> RoleChoices:
    """Return the roles with their labels, in order."""
    return list(_role_choices)


def add_permissions(permissions: Mapping[str, Predicate]) -> None:
    """Add an app's permissions, a predicate for each name. KeyError when a name is taken."""
    for name, predicate in permissions.items():
        add_perm(name, predicate)


ExportListener = Callable[[HttpRequest], object]
_export_listeners: list[ExportListener] = []


def listen_to_exports(listener: ExportListener) -> None:
    """Call `listener` with the request before a list leaves the system as a file; if it fails, none does."""
    if listener not in _export_listeners:
        _export_listeners.append(listener)


def export_listeners() -> list[ExportListener]:
    """Return all who listen."""
    return list(_export_listeners)


UploadListener = Callable[[HttpRequest], object]
_upload_listeners: list[UploadListener] = []


def listen_to_uploads(listener: UploadListener) -> None:
    """Call `listener` with the request before a file that a person sent in is read; if it fails, none is."""
    if listener not in _upload_listeners:
        _upload_listeners.append(listener)


def note_upload(request: HttpRequest) -> None:
    """Tell all who listen that a person sends a file in."""
    for listener in _upload_listeners:
        listener(request)


ImportListener = Callable[[], object]
_import_listeners: list[ImportListener] = []


def listen_to_imports(listener: ImportListener) -> None:
    """Call `listener` after the rows of a file are saved, by a command or a page, in their transaction."""
    if listener not in _import_listeners:
        _import_listeners.append(listener)


def note_import() -> None:
    """Tell all who listen that the rows of a file are saved. Needs the transaction that saved them."""
    for listener in _import_listeners:
        listener()
