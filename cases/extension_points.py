"""Where higher floors join in on a course: sections of its page, bars on its timeline, what ends with it.

The course page knows neither placements nor plans (imports go down only): their apps call `add_section` and
`end_with_course` in `AppConfig.ready()`.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import Promise

from accounts.models import TrialTerms, User
from cases.models import Course
from cases.presentation.timeline import Bar
from jobfirst.dates import LATEST


@dataclass(frozen=True)
class CourseOnDay:
    """What a section is filled from: the course as fetched for the page, the day, and its terms."""

    course: Course
    on: datetime.date
    terms: TrialTerms


def _for_everybody(user: User, course: Course) -> bool:
    return True


def _no_context(course_on_day: CourseOnDay) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class CourseSection:
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
    context: Callable[[CourseOnDay], dict[str, Any]] = _no_context
    prefetch: tuple["str | Prefetch[Any]", ...] = ()
    bars: Callable[[Course], Iterable[Bar]] | None = None
    may: Callable[[User, Course], bool] = _for_everybody


@dataclass(frozen=True)
class CourseEnding:
    """Something that ends with a course.

    `running` names what of the course has no last day recorded; `end` records it, under the course's lock:
    course, last day, and who says so (None when nobody does).
    """

    running: Callable[[Course], list[str]]
    end: Callable[[Course, datetime.date, User | None], None]


_sections: dict[str, CourseSection] = {}
_endings: list[CourseEnding] = []


def add_section(section: CourseSection) -> None:
    """Put a section on the course page. ValueError when another one has its key."""
    if _sections.setdefault(section.key, section) != section:
        raise ValueError(f"two sections of the course page are called {section.key}")


def sections() -> list[CourseSection]:
    """Return the sections in the order of the page."""
    return sorted(_sections.values(), key=lambda section: section.order)


def bars_of(course: Course) -> list[Bar]:
    """Return what fills the course's days, from every section, in order of its first day."""
    bars = [bar for section in sections() if section.bars for bar in section.bars(course)]
    return sorted(bars, key=lambda bar: (bar.span.first, bar.span.last or LATEST))


def end_with_course(ending: CourseEnding) -> None:
    """Let something end with the course."""
    if ending not in _endings:
        _endings.append(ending)


def still_running(course: Course) -> list[str]:
    """Return everything of the course without a last day, in words."""
    return [name for ending in _endings for name in ending.running(course)]


def end_all(course: Course, last: datetime.date, by: User | None) -> None:
    """End everything that runs beyond the day, which is the last one present."""
    for ending in _endings:
        ending.end(course, last, by)
