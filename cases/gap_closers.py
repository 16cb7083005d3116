"""What closes a gap (D22): pages of this app and of higher ones, offered in the list of gaps.

An app adds its page by `add_gap_closer` in `AppConfig.ready()`.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class GapCloser:
    """A page of a course that fills days: its name, URL name, and the permission on the course that it needs.

    The URL takes the course's public id, and the first day of the gap as `?from=`.
    """

    key: str
    label: str | Promise
    url_name: str
    perm: str
    order: int


_closers: dict[str, GapCloser] = {}


def add_gap_closer(closer: GapCloser) -> None:
    """Add a page that closes gaps. ValueError when another one has its key."""
    if _closers.setdefault(closer.key, closer) != closer:
        raise ValueError(f"two pages that close gaps are called {closer.key}")


def gap_closers() -> list[GapCloser]:
    """Return the pages that close gaps, in their order."""
    return sorted(_closers.values(), key=lambda closer: closer.order)


#: A pause explains the gap (D50).
PAUSE = GapCloser("pause", _("Pause"), "cases:new_pause", "cases.work_on_course", order=30)
