"""What the floors above put on the course page: sections of their own, and bars on its timeline.

The course page knows neither placements nor plans (imports go down only): they register here.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import Promise

from accounts.models import TrialTerms
from cases.models import Course

BAR_KINDS = ("sniffing", "internship", "wage_subsidy", "employment", "activity")


@dataclass(frozen=True)
class Bar:
    """Something on the timeline from a first to a last day, both included; no last day means onwards.

    `kind` is one of BAR_KINDS and decides colour and pattern; `label` says what and where. Every bar fills
    its days: no gap (D22) is counted there.
    """

    kind: str
    label: str
    first: datetime.date
    last: datetime.date | None


@dataclass(frozen=True)
class Seen:
    """What a panel is filled from: the course as fetched for the page, the day, and the terms on that day."""

    course: Course
    on: datetime.date
    terms: TrialTerms


def _everybody(user: Any, course: Course) -> bool:
    return True


def _nothing(seen: Seen) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Panel:
    """A section of the course page.

    `key` is its anchor and `title` its heading (lazy translation). `template` is rendered with the page's
    own context (`course`, `on`, `may`, the permissions on this course) and what `context` returns.
    `prefetch` is fetched along with the course, so that a page stays within its queries: read
    `course.placements.all()` there. `bars` gives the timeline its share, from the prefetched rows.
    `may` says who of those that see the course sees the section.
    """

    key: str
    title: str | Promise
    template: str
    order: int = 100
    context: Callable[[Seen], dict[str, Any]] = _nothing
    prefetch: tuple["str | Prefetch[Any]", ...] = ()
    bars: Callable[[Course], Iterable[Bar]] | None = None
    may: Callable[[Any, Course], bool] = _everybody


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Put a section on the course page; the same `key` again replaces it."""
    _panels[panel.key] = panel


def all_panels() -> list[Panel]:
    """The registered sections in the order of the page."""
    return sorted(_panels.values(), key=lambda panel: panel.order)


def bars_of(course: Course) -> list[Bar]:
    """What fills the course's days, from every panel, in order of its first day."""
    found = [bar for panel in all_panels() if panel.bars for bar in panel.bars(course)]
    return sorted(found, key=lambda bar: (bar.first, bar.last or datetime.date.max))
