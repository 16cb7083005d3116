"""Extension points of a course: sections of its pages, bars on its timeline, what its next phase needs, what
ends with it, and the rules of its core elements; and of a referral: whether it is drawn.

The pages do not import placements or plans (imports go down only): their apps call `add_section`,
`add_requirement`, `end_with_course`, `add_element` and `add_draw_lookup` in `AppConfig.ready()`.
"""

import datetime
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Prefetch, QuerySet, Subquery
from django.utils.functional import Promise

from accounts.models import TrialTerms, User
from cases.course_pages import CoursePage, page_url
from cases.deadlines.facts import CourseDays, CourseKeys
from cases.models import Course, CoursePause
from cases.presentation.timeline import TimelineBar
from cases.rules.course_end import EndMode
from cases.rules.fidelity import Indicator
from cases.rules.next_phase import Requirement
from jobfirst.values.dates import LATEST, DateSpan


@dataclass(frozen=True)
class CourseOnDay:
    """The course as fetched for the page, the day, the trial's terms, the pauses, and the user who reads it:
    the input of a section. `may` are the user's permissions on the course by their short names."""

    course: Course
    on: datetime.date
    terms: TrialTerms
    pauses: Sequence[CoursePause]
    user: User
    may: Mapping[str, bool]

    @property
    def is_running(self) -> bool:
        """Whether the course has not ended by the day (D41)."""
        return not self.course.has_ended(self.on)


@dataclass(frozen=True)
class BarSource:
    """What fills days of a course, for the timeline of the overview.

    `rows` is an array of JSON objects, added to the query of the course; `bars` makes bars of them. A query
    of its own for each source, with whole rows, takes five times as long.
    """

    rows: ArraySubquery
    bars: Callable[[Iterable[Mapping[str, Any]]], Iterable[TimelineBar]]


SectionContext = dict[str, Any] | None


@dataclass(frozen=True)
class EarlierLine:
    """Something of the course that is over, with its days and the section that tells more."""

    label: str
    span: DateSpan
    section: str


def _for_everybody(user: User, course: Course) -> bool:
    return True


def _no_context(course_on_day: CourseOnDay) -> SectionContext:
    return {}


@dataclass(frozen=True)
class CourseSection:
    """A section of a page of a course.

    `key` is its anchor, `title` its heading (lazy translation), `page` the page that it stands on. `template`
    is its content below the heading, rendered with the page's context (`course`, `on`, `running`, and `may`,
    the user's permissions on the course) and the result of `context`; None leaves the section out.
    `prefetch` is added to the query of the page, which keeps the number of queries constant: `context` reads
    `course.placements.all()` and the like. `bars` are the section's bars on the timeline. `earlier` returns
    what is over, for the page of the history, from the rows of `prefetch`. `may` decides which users of the
    course see the section. A section that is not `wide` shares its row with another one on a wide screen.
    """

    key: str
    title: str | Promise
    template: str
    page: CoursePage
    order: int = 100
    context: Callable[[CourseOnDay], SectionContext] = _no_context
    prefetch: tuple["str | Prefetch[Any]", ...] = ()
    bars: BarSource | None = None
    earlier: Callable[[CourseOnDay], Iterable[EarlierLine]] | None = None
    may: Callable[[User, Course], bool] = _for_everybody
    wide: bool = True


@dataclass(frozen=True)
class PhaseRequirement(Requirement):
    """Something that a course needs for a phase, with the page where it is entered.

    `is_met` is added to the query of the overview (it refers to the course by `OuterRef("pk")`). `url` is the
    page that mends it, shown to who has the permission `perm` on the course. With `done_on`, the day on which
    it was done, it is a line of the checklist of the start (D10); those of the sniffing period stand there
    only.
    """

    label: str | Promise = ""
    is_met: Exists = field(default_factory=lambda: Exists(Course.objects.none()), compare=False)
    url: Callable[[Course], str] = lambda course: page_url(course.public_id)
    perm: str = "cases.work_on_course"
    done_on: Subquery | None = field(default=None, compare=False)


@dataclass(frozen=True)
class RunningThing:
    """Something of a course that has no recorded end: a placement, a meeting ahead, a function.

    `key` tells it from others of its `code`, which is that of its `CourseEnding`. `last` is the last day that
    is planned for it. `default` is what becomes of it when the course ends; None: that must be chosen. What
    is not chosen is only named.
    """

    key: str
    label: str
    first: datetime.date
    last: datetime.date | None
    default: EndMode | None
    is_chosen: bool = True
    code: str = ""

    @property
    def name(self) -> str:
        """The name of the thing in forms and choices."""
        return f"{self.code}-{self.key}"


@dataclass(frozen=True)
class CourseEnding:
    """A kind of things that end with a course (D41).

    All functions are called under the course's lock. `running` names what has no recorded end. `end` makes a
    day the last one of the thing with this key, given the user who ends it (None: no user does); it returns
    what `restore` needs to undo it, as JSON, or None when nothing was changed. `restore` returns whether it
    could undo all: what somebody has changed since stays as it is. `note` stands beside things that are not
    chosen, `order` is the place on the page.
    """

    code: str
    title: str | Promise
    running: Callable[[Course], list[RunningThing]]
    end: Callable[[Course, str, datetime.date, User | None], dict[str, Any] | None]
    restore: Callable[[Course, Mapping[str, Any]], bool]
    note: str | Promise = ""
    order: int = 100


_sections: dict[str, CourseSection] = {}
_requirements: dict[str, PhaseRequirement] = {}
_endings: dict[str, CourseEnding] = {}


def add_section(section: CourseSection) -> None:
    """Add a section to a page of a course. ValueError when another one has its key."""
    if _sections.setdefault(section.key, section) != section:
        raise ValueError(f"two sections of the course's pages are called {section.key}")


def sections(page: CoursePage | None = None) -> list[CourseSection]:
    """Return the sections of a page, or of all pages, in page order."""
    chosen = [section for section in _sections.values() if page is None or section.page is page]
    return sorted(chosen, key=lambda section: section.order)


def section_url(public_id: uuid.UUID | str, key: str) -> str:
    """Return the address of a section of a course. KeyError when no section has the key."""
    return f"{page_url(public_id, _sections[key].page)}#{key}"


def add_requirement(requirement: PhaseRequirement) -> None:
    """Add something that a phase of a course needs. ValueError when another one has its key."""
    if _requirements.setdefault(requirement.key, requirement) != requirement:
        raise ValueError(f"two requirements of a phase are called {requirement.key}")


def requirements() -> list[PhaseRequirement]:
    """Return what the phases of a course need, in the order in which it is entered."""
    return sorted(_requirements.values(), key=lambda requirement: requirement.order)


def with_bars(courses: QuerySet[Course]) -> QuerySet[Course]:
    """Return the courses with what fills their days, for `bars_of`."""
    rows = {f"bars_{section.key}": section.bars.rows for section in sections() if section.bars}
    return courses.annotate(**rows)


def bars_of(course: Course) -> list[TimelineBar]:
    """Return the bars of all sections, ordered by first day. The course was fetched by `with_bars`."""
    bars = [
        bar
        for section in sections()
        if section.bars
        for bar in section.bars.bars(getattr(course, f"bars_{section.key}"))
    ]
    return sorted(bars, key=lambda bar: (bar.span.first, bar.span.last or LATEST))


def end_with_course(ending: CourseEnding) -> None:
    """Register a kind of things that end with the course. ValueError when another one has its code."""
    if _endings.setdefault(ending.code, ending) != ending:
        raise ValueError(f"two kinds of things that end with a course are called {ending.code}")


def endings() -> list[CourseEnding]:
    """Return the kinds of things that end with a course, in the order of the page."""
    return sorted(_endings.values(), key=lambda ending: ending.order)


def still_running(course: Course) -> list[RunningThing]:
    """Return everything of the course that has no recorded end."""
    return [replace(thing, code=ending.code) for ending in endings() for thing in ending.running(course)]


def end_thing(
    course: Course, thing: RunningThing, last: datetime.date, by: User | None
) -> dict[str, Any] | None:
    """Make the day the last one of the thing; return what undoes it, None when nothing was changed."""
    return _endings[thing.code].end(course, thing.key, last, by)


def let_go_on(course: Course, effect: Mapping[str, Any]) -> bool:
    """Undo what `end_thing` did; return whether all of it could be undone."""
    ending = _endings.get(effect["code"])
    return ending is not None and ending.restore(course, effect)


@dataclass(frozen=True)
class ElementReason:
    """Why an element is not met: the words for its code, and the section of a page where it is seen to."""

    code: str
    label: str | Promise
    section: str


#: From the days of a course and a row of the trial's terms to what decides an element of it.
ElementJudge = Callable[[CourseDays, TrialTerms], Indicator]


@dataclass(frozen=True)
class ElementRule:
    """The rule of one of the nine core elements (D7), by its number.

    `judge_of` reads the facts of any number of courses in a fixed number of queries and returns the rule
    with the facts bound in. `follows` names the kinds of deadlines that rest on the same facts: what
    recomputes one of them recomputes the element. `section` tells more of it.
    """

    number: int
    judge_of: Callable[[CourseKeys], ElementJudge]
    reasons: tuple[ElementReason, ...]
    section: str
    follows: tuple[str, ...] = ()

    def is_affected_by(self, kinds: Collection[str] | None) -> bool:
        """Whether a change of the facts of these kinds of deadlines (None: of all) can change it."""
        return kinds is None or not set(self.follows).isdisjoint(kinds)


_elements: dict[int, ElementRule] = {}


def add_element(element: ElementRule) -> None:
    """Add the rule of a core element. ValueError when another one has its number."""
    if _elements.setdefault(element.number, element) != element:
        raise ValueError(f"two rules of the core element {element.number}")


def core_elements() -> list[ElementRule]:
    """Return the core elements by number."""
    return [_elements[number] for number in sorted(_elements)]


def core_element(number: int) -> ElementRule | None:
    """Return the core element with this number, if its app has added it."""
    return _elements.get(number)


#: From the ids of referrals to those that are drawn.
DrawLookup = Callable[[Collection[int]], set[int]]

_draw_lookups: list[DrawLookup] = []


def add_draw_lookup(lookup: DrawLookup) -> None:
    """Register how one learns which referrals are drawn."""
    if lookup not in _draw_lookups:
        _draw_lookups.append(lookup)


def drawn_among(referral_ids: Collection[int]) -> set[int]:
    """Return which of the referrals (ids) are drawn. Final only under the locks of their rows."""
    return {pk for lookup in _draw_lookups for pk in lookup(referral_ids)}
