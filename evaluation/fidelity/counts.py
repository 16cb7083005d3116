"""How many courses of a project meet each of the nine core elements on a day (D7).

Counted is every participant's course that has begun by the day, also one that has ended. The states are the
stored ones (`cases.elements.stored`).
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet, Value
from django.utils.functional import Promise

from accounts.models import Project
from cases.elements.names import ELEMENT_NAMES
from cases.models import Course, CourseElement
from cases.rules.fidelity import ElementState
from evaluation.measures.values import NOBODY_LEFT_OUT, LeftOut

#: Counted beside the elements: all courses, and those that meet all nine.
_COURSES, _ALL, _ALL_NINE = 0, "all", "all_nine"


@dataclass(frozen=True)
class ElementCount:
    """How many courses of a project stand how with a core element."""

    element: int
    by_state: Mapping[str, int]

    @property
    def name(self) -> str | Promise:
        """The name of the element."""
        return ELEMENT_NAMES[self.element]

    @property
    def met(self) -> int:
        return self.by_state.get(ElementState.MET, 0)

    @property
    def not_yet(self) -> int:
        return self.by_state.get(ElementState.NOT_YET, 0)

    @property
    def missed(self) -> int:
        return self.by_state.get(ElementState.MISSED, 0)


@dataclass(frozen=True)
class ProjectFidelity:
    """A project's courses and how they stand with the core elements; `all_nine` is met by how many."""

    project: Project
    courses: int
    elements: list[ElementCount]
    all_nine: int


def count_fidelity(
    projects: Collection[Project], on: datetime.date, left_out: LeftOut = NOBODY_LEFT_OUT
) -> list[ProjectFidelity]:
    """Return the counts of the projects in their order, without the citizens `left_out`; one query, however
    many there are."""
    begun = Course.objects.filter(project__in=projects, started_on__lte=on).order_by()
    states = CourseElement.objects.on(on).filter(course__project__in=projects).order_by()
    if left_out.courses:
        begun = begun.exclude(pk__in=left_out.courses)
        states = states.exclude(course__in=left_out.courses)
    complete = (
        states.filter(state=ElementState.MET)
        .values("course")
        .annotate(met=Count("element"))
        .filter(met=len(ELEMENT_NAMES))
    )
    by_state = states.values_list("course__project_id", "element", "state").annotate(number=Count("pk"))
    parts = (
        by_state,
        _by_project(begun, _ALL),
        _by_project(begun.filter(pk__in=complete.values("course")), _ALL_NINE),
    )
    counts: dict[int, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for project_id, element, state, number in parts[0].union(*parts[1:], all=True):
        counts[project_id][element][state] = number
    return [
        ProjectFidelity(
            project,
            counts[project.pk][_COURSES][_ALL],
            [ElementCount(number, counts[project.pk][number]) for number in ELEMENT_NAMES],
            counts[project.pk][_COURSES][_ALL_NINE],
        )
        for project in projects
    ]


def _by_project(courses: QuerySet[Course], state: str) -> QuerySet[Course, Any]:
    """Return the number of the courses by project, as a row like those of the elements."""
    rows = courses.values("project_id", element=Value(_COURSES), state=Value(state))
    return rows.annotate(number=Count("pk")).values_list("project_id", "element", "state", "number")
