"""The nine core elements of a course in words (D7): the state of each, why, and where it is mended."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import extension_points
from cases.elements.names import ELEMENT_NAMES
from cases.extension_points import CourseOnDay, section_url
from cases.models import Course, CourseElement, ElementStateChoices
from cases.rules.fidelity import COURSE_ENDED, ElementState

#: The kind of badge of each state; its word says the same.
BADGES = {ElementState.MET: "success", ElementState.NOT_YET: "info", ElementState.MISSED: "warning"}
ENDED = _("The course ended before it was settled.")


@dataclass(frozen=True)
class ReasonLine:
    """Why an element is not met, and the address where that is seen to (empty: nowhere)."""

    label: str | Promise
    url: str


@dataclass(frozen=True)
class ElementLine:
    """A core element of a course on a day."""

    number: int
    name: str | Promise
    state: ElementState
    word: str | Promise
    badge: str
    since: datetime.date
    due_on: datetime.date | None
    reasons: list[ReasonLine]
    url: str

    @property
    def is_missed(self) -> bool:
        """Whether it is missed."""
        return self.state is ElementState.MISSED


def element_lines(course: Course, on: datetime.date) -> list[ElementLine]:
    """Return the states of the course's core elements on the day, by number; one query."""
    rows = CourseElement.objects.on(on).filter(course=course).order_by("element")
    return [_line(course, row) for row in rows]


def _line(course: Course, row: CourseElement) -> ElementLine:
    state = ElementState(row.state)
    return ElementLine(
        number=row.element,
        name=ELEMENT_NAMES[row.element],
        state=state,
        word=ElementStateChoices(row.state).label,
        badge=BADGES[state],
        since=row.since,
        due_on=row.due_on,
        reasons=reason_lines(row.element, row.reasons, course),
        url=_url(row.element, course),
    )


def reason_lines(number: int, codes: Iterable[str], course: Course) -> list[ReasonLine]:
    """Return why an element is not met; codes that no rule has any more are left out."""
    element = extension_points.core_element(number)
    reasons = {reason.code: reason for reason in element.reasons} if element else {}
    lines = []
    for code in codes:
        if code == COURSE_ENDED:
            lines.append(ReasonLine(ENDED, ""))
        elif code in reasons:
            section = reasons[code].section
            lines.append(ReasonLine(reasons[code].label, section_url(course.public_id, section)))
    return lines


def _url(number: int, course: Course) -> str:
    element = extension_points.core_element(number)
    return section_url(course.public_id, element.section) if element else ""


@dataclass(frozen=True)
class StateCount:
    """How many of the elements are in a state, in words."""

    words: str
    badge: str


def panel(view: CourseOnDay) -> dict[str, object] | None:
    """Return the context of the section on the overview; None before the course has begun."""
    lines = element_lines(view.course, view.on)
    if not lines:
        return None
    return {
        "elements": lines,
        "elements_missed": [line for line in lines if line.is_missed],
        "element_counts": [_count(lines, state) for state in ElementState],
    }


def _count(lines: Iterable[ElementLine], state: ElementState) -> StateCount:
    number = sum(line.state is state for line in lines)
    return StateCount(f"{ElementStateChoices(state.value).label}: {number}", BADGES[state])
