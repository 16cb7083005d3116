"""Extension points of a course: sections of its page, bars on its timeline, what ends with it.

The course page does not import placements or plans (imports go down only): their apps call `add_section` and
`end_with_course` in `AppConfig.ready()`.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.functional import Promise

from accounts.models import TrialTerms, User
from cases.models import Course, CoursePause
from cases.presentation.timeline import TimelineBar
from jobfirst.dates import LATEST


@dataclass(frozen=True)
class CourseOnDay:
    """The course as fetched for the page, the day, the trial's terms, the pauses: the input of a section."""

    course: Course
    on: datetime.date
    terms: TrialTerms
    pauses: Sequence[CoursePause] = ()


def _for_everybody(user: User, course: Course) -> bool:
    return True


def _no_context(course_on_day: CourseOnDay) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class CourseSection:
    """A section of the course page.

    `key` is its anchor and `title` its heading (lazy translation). `template` is rendered with the page's
    context (`course`, `on`, and `may`, the user's permissions on the course) and the result of `context`.
    `prefetch` is added to the query of the page, which keeps the number of queries constant: `context` reads
    `course.placements.all()` and the like. `bars` returns the section's bars on the timeline, from the
    prefetched rows; `bars_prefetch` are the rows that they need, and no more. `may` decides which users of
    the course see the section.
    """

    key: str
    title: str | Promise
    template: str
    order: int = 100
    context: Callable[[CourseOnDay], dict[str, Any]] = _no_context
    prefetch: tuple["str | Prefetch[Any]", ...] = ()
    bars: Callable[[Course], Iterable[TimelineBar]] | None = None
    bars_prefetch: tuple["str | Prefetch[Any]", ...] = ()
    may: Callable[[User, Course], bool] = _for_everybody


@dataclass(frozen=True)
class CourseEnding:
    """Something that ends with a course.

    `running` names what has no recorded last day; `end` records it under the course's lock, given the course,
    the last day and the user who ends it (None: no user does).
    """

    running: Callable[[Course], list[str]]
    end: Callable[[Course, datetime.date, User | None], None]


_sections: dict[str, CourseSection] = {}
_endings: list[CourseEnding] = []


def add_section(section: CourseSection) -> None:
    """Add a section to the course page. ValueError when another one has its key."""
    if _sections.setdefault(section.key, section) != section:
        raise ValueError(f"two sections of the course page are called {section.key}")


def sections() -> list[CourseSection]:
    """Return the sections in page order."""
    return sorted(_sections.values(), key=lambda section: section.order)


def bars_of(course: Course) -> list[TimelineBar]:
    """Return the bars of all sections, ordered by first day."""
    bars = [bar for section in sections() if section.bars for bar in section.bars(course)]
    return sorted(bars, key=lambda bar: (bar.span.first, bar.span.last or LATEST))


def end_with_course(ending: CourseEnding) -> None:
    """Register something that ends with the course."""
    if ending not in _endings:
        _endings.append(ending)


def still_running(course: Course) -> list[str]:
    """Return in words everything of the course that has no last day."""
    return [name for ending in _endings for name in ending.running(course)]


def end_all(course: Course, last: datetime.date, by: User | None) -> None:
    """End everything that runs beyond `last`, which becomes its last day."""
    for ending in _endings:
        ending.end(course, last, by)
