"""The list of courses."""

import datetime
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from cases.models import Course, CourseFunction
from cases.presentation.phases import PHASE_WORDS
from cases.rules import phases
from jobfirst.kit.tables import DayColumn, KitTable


class CourseTable(KitTable):
    """The course list. Phases and functions are those of the day `on`."""

    citizen = tables.Column(
        accessor="citizen_name", verbose_name=_("Citizen"), order_by=("referral__name", "pk")
    )
    phase = tables.Column(empty_values=(), verbose_name=_("Phase"), orderable=False)
    municipality = tables.Column(
        verbose_name=_("Municipality"), order_by=("municipality__name", "-started_on")
    )
    started_on = DayColumn(verbose_name=_("Started"))
    internship_from = DayColumn(verbose_name=_("Internship from"))
    course_owner = tables.Column(empty_values=(), verbose_name=_("Course owner"), orderable=False)
    mentor = tables.Column(empty_values=(), verbose_name=_("Mentor"), orderable=False)

    class Meta(KitTable.Meta):
        attrs = {"title": _("Courses")}
        default = "–"

    def __init__(self, *args: Any, on: datetime.date, **kwargs: Any) -> None:
        self.on = on
        super().__init__(*args, **kwargs)

    def render_citizen(self, value: str, record: Course) -> str:
        """Return the name as a link to the course."""
        return format_html('<a href="{}">{}</a>', reverse("cases:course", args=[record.public_id]), value)

    def render_phase(self, record: Course) -> str:
        """Return the phase on the day."""
        return str(PHASE_WORDS[phases.phase_on(record.transitions, self.on)])

    def render_course_owner(self, record: Course) -> str:
        """Return the course owner on the day."""
        return self._holder(record, CourseFunction.COURSE_OWNER)

    def render_mentor(self, record: Course) -> str:
        """Return the mentor on the day."""
        return self._holder(record, CourseFunction.MENTOR)

    def _holder(self, record: Course, function: str) -> str:
        for holding in record.holdings.all():
            if holding.function == function and self.on in holding.span:
                return str(holding.user)
        return str(_("unfilled"))
