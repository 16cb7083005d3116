"""The grid of a project: its courses against the nine core elements, as they stand on a day (D7)."""

from __future__ import annotations

import datetime
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from cases import extension_points
from cases.elements.names import ELEMENT_NAMES
from cases.extension_points import section_url
from cases.models import Course, CourseElement, ElementStateChoices
from evaluation.measures.words import DATA_ERASED
from jobfirst.kit.tables import MISSING, Column, KitTable, NumberColumn, link

#: Stands for the id of a course in an address that is made once for many.
ANY_COURSE = str(uuid.UUID(int=0))
#: A sign for each state, which stands before its word.
SIGNS = {
    ElementStateChoices.MET: "✓",
    ElementStateChoices.NOT_YET: "○",
    ElementStateChoices.MISSED: "✗",
}
#: Which courses the grid can be narrowed to.
CHOICES = {
    "": _("All courses"),
    "running": _("Those that run"),
    "missed": _("With something missed"),
    "complete": _("With all nine met"),
}


@dataclass(frozen=True)
class GridRow:
    """A course with the states of its elements by number; without an address when its data is erased."""

    citizen_id: uuid.UUID
    citizen: str
    url: str
    public_id_of_course: uuid.UUID
    states: Mapping[int, str]

    def __getattr__(self, name: str) -> str:
        """Return the state of an element in a word, for its column `element_<number>` in the Excel file."""
        number = name.removeprefix("element_")
        if number == name:
            raise AttributeError(name)
        state = self.states.get(int(number))
        return "" if state is None else str(ElementStateChoices(state).label)

    @property
    def met(self) -> int:
        """How many elements are met."""
        return sum(state == ElementStateChoices.MET for state in self.states.values())


def grid_courses(project: Project, on: datetime.date, choice: str) -> QuerySet[Course]:
    """Return the courses of the project that have begun by the day, narrowed as `CHOICES` says, with what the
    grid is sorted by."""
    states = CourseElement.objects.on(on).filter(course=OuterRef("pk")).order_by()
    of_state = states.values("course")
    met = of_state.annotate(n=Count("pk", filter=Q(state=ElementStateChoices.MET))).values("n")
    by_element = {
        f"state_{number}": Subquery(states.filter(element=number).values("state")[:1])
        for number in ELEMENT_NAMES
    }
    courses = Course.objects.filter(project=project, started_on__lte=on).select_related("citizen", "referral")
    courses = courses.alias(met=Coalesce(Subquery(met, IntegerField()), 0), **by_element)
    if choice == "running":
        return courses.running(on)
    if choice == "missed":
        missed = CourseElement.objects.on(on).filter(state=ElementStateChoices.MISSED)
        return courses.filter(pk__in=missed.values("course"))
    if choice == "complete":
        return courses.filter(met=len(ELEMENT_NAMES))  # type: ignore[misc]  # an alias of above
    return courses


class GridTable(KitTable):
    """The courses, and how each stands with each core element; every state leads to where it is seen to."""

    title = _("Courses and core elements")
    default_order = ("citizen",)
    is_compact = True

    citizen = Column(verbose_name=_("Citizen"), order_by=("referral__name", "pk"))
    met = NumberColumn(verbose_name=_("Met of nine"), order_by=("met", "pk"))

    def __init__(self, courses: QuerySet[Course], on: datetime.date) -> None:
        super().__init__(courses)
        self.on = on
        self.link_starts: dict[tuple[int, str], str] = {}
        self.sections = {rule.number: rule.section for rule in extension_points.core_elements()}
        met = self.columns.pop("met")
        for number, name in ELEMENT_NAMES.items():
            self.columns[f"element_{number}"] = Column(
                verbose_name=f"{number} {name}", order_by=(f"state_{number}", "pk"), has_value=True
            )
        self.columns["met"] = met

    def prepare(self, records: Any) -> Sequence[GridRow]:
        """Return the rows of the page with their states; one query more."""
        courses: list[Course] = list(records)
        states: dict[int, dict[int, str]] = defaultdict(dict)
        rows = CourseElement.objects.on(self.on).filter(course__in=[course.pk for course in courses])
        for course_id, element, state in rows.order_by("element").values_list(
            "course_id", "element", "state"
        ):
            states[course_id][element] = state
        return [
            GridRow(
                course.citizen.public_id,
                course.citizen_name if course.citizen.erased_on is None else str(DATA_ERASED),
                reverse("cases:course", args=[course.public_id]) if course.citizen.erased_on is None else "",
                course.public_id,
                states[course.pk],
            )
            for course in courses
        ]

    def render_citizen(self, value: str, record: GridRow) -> SafeString:
        """The name, as a link to the course; of a citizen whose data is erased that it is."""
        return link(record.url, value) if record.url else escape(value)

    def cell_maker(self, name: str, column: Column) -> Any:
        """Return the function that makes a cell: of an element its sign and word, as a link."""
        if not name.startswith("element_"):
            return super().cell_maker(name, column)
        number = int(name.removeprefix("element_"))
        start = format_html('<td data-title="{}">', column.heading)

        def cell(record: GridRow) -> str:
            return SafeString(f"{start}{self.state_link(record, number)}</td>")  # nosec B703 - of escaped parts

        return cell

    def state_link(self, record: GridRow, number: int) -> SafeString | str:
        """Return the state as sign and word, with a link to the section of the course that shows it."""
        state = record.states.get(number)
        if state is None:
            return MISSING
        if not record.url:
            return str(ElementStateChoices(state).label)
        before = self.link_starts.get((number, state))
        if before is None:
            before = self.link_starts[number, state] = self._link_start(number, state)
        address_of_course = before.replace(ANY_COURSE, str(record.public_id_of_course))
        return SafeString(f"{address_of_course}{escape(record.citizen)}</span></a>")  # nosec B703 - of escaped parts

    def _link_start(self, number: int, state: str) -> str:
        """Return the link of an element in a state up to the citizen's name, of `ANY_COURSE`: a page has 225
        links of 27 kinds."""
        return format_html(
            '<a class="jf-state is-{}" href="{}"><span aria-hidden="true">'
            '<span class="jf-state-number">{} </span>{}</span> '
            '<span class="jf-state-word">{}</span><span class="sr-only">: {}, ',
            state,
            section_url(ANY_COURSE, self.sections[number]),
            number,
            SIGNS[ElementStateChoices(state)],
            ElementStateChoices(state).label,
            ELEMENT_NAMES[number],
        )
