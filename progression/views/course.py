"""The progression of a course: the monthly review, progress over time, and the selected categories."""

import uuid
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.models import TrialTerms
from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404
from cases.models import Course
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, form_data
from jobfirst.kit.pages import render_page
from progression.extension_points import ReviewFacts, shown_parts
from progression.forms.answering import CategoriesForm
from progression.models import (
    TOOL,
    AnswerSheet,
    Category,
    CategorySelection,
    QuestionnaireVersion,
    Rater,
)
from progression.presentation.comparison import compare
from progression.presentation.months import review_months
from progression.presentation.over_time import category_progress, progress_rows
from progression.presentation.series import of_citizen, series_of
from progression.rules.progress import has_progressed
from progression.views.answering import review_url


@require_safe
def review(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a month's answers beside the last ones and the first ones, and name what is missing (D35).

    `?svar=<id>` chooses the answers of an earlier month.
    """
    course = get_course_or_404(
        request,
        public_id,
        "course.progression",
        "progression.view_answers",
        Course.objects.prefetch_related("meetings"),
    )
    today = clock.today()
    sheets = list(
        AnswerSheet.objects.of_review().filter(course=course).select_related("questionnaire_version")
    )
    place = _chosen_place(sheets, request.GET.get("svar", ""))
    columns = _beside(sheets, place)
    sheet = sheets[place] if sheets else None
    terms = TrialTerms.objects.in_force_or_first(today)
    may_answer = request.user.has_perm("progression.answer", course)
    answered_on = None if sheet is None else sheet.answered_on
    facts = ReviewFacts(course, today, answered_on, terms, may_answer, request.GET.dict())
    context: dict[str, Any] = {
        "course": course,
        "on": today,
        "sheet": sheet,
        "columns": _column_names(len(columns)),
        "comparison": compare(columns) if columns else None,
        "begun": AnswerSheet.objects.begun().filter(course=course).first(),
        "months": review_months(course, sheets, today, terms),
        "selected": _selected(course),
        "may_answer": may_answer,
        "may_upload": request.user.has_perm("progression.upload"),
        "running": not course.has_ended(clock.today()),
        "parts": shown_parts(facts),
    }
    return render_page(request, "progression/review.html", context)


def _chosen_place(sheets: Sequence[AnswerSheet], public_id: str) -> int:
    """Return the place of the sheet with this id; otherwise that of the latest one."""
    places = [place for place, sheet in enumerate(sheets) if str(sheet.public_id) == public_id]
    return places[0] if places else 0


def _beside(sheets: Sequence[AnswerSheet], place: int) -> list[AnswerSheet]:
    """Return the sheet at this place, the one before it, and the first one, each once."""
    earlier = sheets[place + 1 :]
    return [*sheets[place : place + 1], *earlier[:1], *(earlier[-1:] if len(earlier) > 1 else ())]


def _column_names(length: int) -> list[str]:
    """Return the names of the columns: of two sheets, the one before is also the first one."""
    return {0: [], 1: ["now"], 2: ["now", "before"], 3: ["now", "before", "first"]}[length]


def _selected(course: Course) -> list[str]:
    """Return the codes of the categories that are selected for the citizen."""
    selection = CategorySelection.objects.filter(course=course).first()
    return [] if selection is None else selection.codes


def _categories(course: Course) -> list[Category]:
    """Return the categories of the version in force; two queries."""
    version = QuestionnaireVersion.objects.of(TOOL).in_force(clock.today()).first()
    return [] if version is None else list(version.categories.all())


@require_safe
def over_time(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the progress over time, category by category, and whether the citizen has progressed (D23)."""
    course = get_course_or_404(request, public_id, "course.progression", "progression.view_answers")
    terms = TrialTerms.objects.in_force_or_first(clock.today())
    series = series_of([course.pk]).get(course.pk, {})
    selected, categories = _selected(course), _categories(course)
    context = {
        "course": course,
        "progress": category_progress(series, categories, selected),
        "rows": progress_rows(series, categories),
        "has_progressed": has_progressed(of_citizen(series), selected, at_least=terms.progressed_categories),
        "at_least": terms.progressed_categories,
        "selected": selected,
        "may_answer": request.user.has_perm("progression.answer", course),
    }
    return render_page(request, "progression/over_time.html", context)


@edit_page
def categories(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Choose the categories that matter most to the citizen: those that the citizen is asked about."""
    course = get_course_or_404(request, public_id, "course.progression", "progression.answer")
    version = QuestionnaireVersion.objects.of(TOOL).in_force(clock.today()).first()
    of_citizens = Category.objects.filter(version=version, questions__asked_of__contains=[Rater.CITIZEN])
    form = CategoriesForm(
        form_data(request),
        course=course,
        selection=CategorySelection.objects.filter(course=course).first(),
        categories=list(of_citizens.distinct()),
    )
    return answer_form(request, form, back_url=review_url(course))
