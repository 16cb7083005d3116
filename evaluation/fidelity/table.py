"""The courses behind a number: those of a project that stand in a certain way with a core element."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from cases.models import CourseElement
from cases.presentation.elements import reason_lines
from evaluation.measures.words import DATA_ERASED
from jobfirst.kit.tables import MISSING, Column, DayColumn, KitTable, link


def courses_in_state(
    project: Project, element: int, state: str, on: datetime.date
) -> QuerySet[CourseElement]:
    """Return the states on the day of the project's courses with their citizens."""
    rows = CourseElement.objects.on(on).filter(course__project=project, element=element, state=state)
    return rows.select_related("course__citizen", "course__referral")


class ElementTable(KitTable):
    """Courses in a state of a core element, and why."""

    title = _("Courses")
    default_order = ("since",)

    citizen = Column(
        verbose_name=_("Citizen"),
        accessor="course__citizen_name",
        order_by=("course__referral__name", "course__pk"),
    )
    since = DayColumn(verbose_name=_("Since"), order_by=("since", "course__pk"))
    due_on = DayColumn(verbose_name=_("Due"), order_by=("due_on", "course__pk"))
    why = Column(verbose_name=_("Why"), orderable=False, has_value=False)

    def prepare(self, records: Any) -> Sequence[CourseElement]:
        """Return the rows of the page."""
        return list(records)

    def render_citizen(self, value: str, record: CourseElement) -> SafeString:
        """The name, as a link to the course; of a citizen whose data is erased that it is."""
        if record.course.citizen.erased_on is not None:
            return escape(DATA_ERASED)
        return link(reverse("cases:course", args=[record.course.public_id]), value)

    def render_why(self, record: CourseElement) -> SafeString | str:
        """The reasons, each with a link to where it is seen to."""
        is_erased = record.course.citizen.erased_on is not None
        lines = [] if is_erased else reason_lines(record.element, record.reasons, record.course)
        if not lines:
            return MISSING
        return format_html_join(
            SafeString("<br>"),
            "{}",
            ((link(line.url, line.label) if line.url else line.label,) for line in lines),
        )
