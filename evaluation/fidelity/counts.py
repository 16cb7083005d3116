"""How many courses of a project meet each of the nine core elements on a day (D7).

Counted is every participant's course that has begun by the day, also one that has ended. The states are the
stored ones (`cases.elements.stored`).
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.functional import Promise

from accounts.models import Project
from cases.elements.names import ELEMENT_NAMES
from cases.models import Course, CourseElement
from cases.rules.fidelity import ElementState


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


def count_fidelity(projects: Collection[Project], on: datetime.date) -> list[ProjectFidelity]:
    """Return the counts of the projects in their order; two queries, however many there are."""
    begun = Course.objects.filter(project__in=projects, started_on__lte=on).order_by()
    states = CourseElement.objects.on(on).filter(course__project__in=projects).order_by()
    counts: dict[int, dict[int, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    rows = states.values_list("course__project_id", "element", "state").annotate(count=Count("pk"))
    for project_id, element, state, count in rows:
        counts[project_id][element][state] = count
    complete = (
        states.filter(state=ElementState.MET)
        .values("course")
        .annotate(met=Count("element"))
        .filter(met=len(ELEMENT_NAMES))
    )
    totals = {
        project_id: (number, all_nine)
        for project_id, number, all_nine in begun.values_list("project_id").annotate(
            number=Count("pk"), all_nine=Count("pk", filter=Q(pk__in=complete.values("course")))
        )
    }
    return [
        ProjectFidelity(
            project,
            totals.get(project.pk, (0, 0))[0],
            [ElementCount(number, counts[project.pk][number]) for number in ELEMENT_NAMES],
            totals.get(project.pk, (0, 0))[1],
        )
        for project in projects
    ]
