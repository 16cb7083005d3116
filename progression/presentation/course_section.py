"""The section of the progression tool on the course page: the latest answers, and what is missing."""

from typing import Any

from django.db.models import DateField, Exists, OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection, PhaseRequirement
from cases.models import Course
from cases.presentation.deadlines import due_on_day, unsettled_deadlines
from cases.rules.phases import Phase
from progression.deadlines import progression_missing
from progression.models import AnswerSheet


def _context(course_on_day: CourseOnDay) -> dict[str, Any]:
    sheets = list(course_on_day.course.answer_sheets.all())
    finished = [sheet for sheet in sheets if sheet.is_finished]
    rows = unsettled_deadlines([course_on_day.course], course_on_day.on, progression_missing.KIND.code)
    due_on = due_on_day(rows[course_on_day.course.pk], progression_missing.KIND.code, course_on_day.on)
    return {
        "answers_due_on": due_on,
        "are_answers_overdue": due_on is not None and due_on < course_on_day.on,
        "begun_sheet": next((sheet for sheet in sheets if not sheet.is_finished), None),
        "latest_sheet": finished[0] if finished else None,
        "finished_sheets": len(finished),
    }


def _answers_url(course: Course) -> str:
    return reverse("progression:start", args=[course.public_id])


_sheets = AnswerSheet.objects.of_review().filter(course=OuterRef("pk"))

SECTION = CourseSection(
    key="progression",
    title=_("Progression"),
    template="progression/panel.html",
    page=CoursePage.PROGRESSION,
    order=10,
    context=_context,
    prefetch=(Prefetch("answer_sheets", AnswerSheet.objects.order_by("-answered_on", "-pk")),),
)
FIRST_ANSWERS = PhaseRequirement(
    key="first_answers",
    phase=Phase.SNIFFING,
    order=12,
    label=_("First answers to the progression tool"),
    is_met=Exists(_sheets),
    url=_answers_url,
    perm="progression.answer",
    done_on=Subquery(_sheets.order_by("answered_on").values("answered_on")[:1], output_field=DateField()),
)
