"""The section of the course's page with the companies that shows the dialogues."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from companies.matching.board import lines_of
from companies.models import Dialogue


def _context(course_on_day: CourseOnDay) -> dict[str, Any]:
    lines = lines_of(course_on_day.course.dialogues.all(), course_on_day.on)
    return {
        "dialogues": [line for line in lines if line.goes_on],
        "closed_dialogues": [line for line in lines if not line.goes_on],
    }


SECTION = CourseSection(
    key="dialogues",
    title=_("Dialogue with companies"),
    template="companies/matching/panel.html",
    page=CoursePage.COMPANY,
    order=12,
    context=_context,
    prefetch=(Prefetch("dialogues", Dialogue.objects.select_related("company").next_first()),),
)
