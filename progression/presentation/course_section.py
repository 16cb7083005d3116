"""The section of the progression tool on the course page: the latest answers, and what is missing."""

from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from progression.models import AnswerSheet


def _context(course_on_day: CourseOnDay) -> dict[str, Any]:
    sheets = list(course_on_day.course.answer_sheets.all())
    finished = [sheet for sheet in sheets if sheet.is_finished]
    return {
        "begun_sheet": next((sheet for sheet in sheets if not sheet.is_finished), None),
        "latest_sheet": finished[0] if finished else None,
        "finished_sheets": len(finished),
    }


SECTION = CourseSection(
    key="progression",
    title=_("Progression"),
    template="progression/panel.html",
    page=CoursePage.PROGRESSION,
    order=10,
    context=_context,
    prefetch=(Prefetch("answer_sheets", AnswerSheet.objects.order_by("-answered_on", "-pk")),),
)
