"""Answering together, one question a page: start, continue, finish, throw away; and correct (D23, D56)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedRequest
from cases.access import get_course_or_404, get_of_course_or_404
from cases.models import Course
from jobfirst import clock
from jobfirst.kit.editing import answer_form, edit_page, errors_as_message, form_data
from jobfirst.kit.pages import render_page
from progression.actions import sheets
from progression.forms.answering import CorrectAnswerForm, FinishForm, StepForm
from progression.models import Answer, AnswerSheet
from progression.presentation.comparison import compare
from progression.steps import open_steps, steps_of

ANSWER = "progression.answer"


def review_url(course: Course) -> str:
    """Return the URL of the course's review."""
    return reverse("progression:review", args=[course.public_id])


def step_url(sheet: AnswerSheet, number: int) -> str:
    """Return the URL of a step of a sheet."""
    return reverse("progression:step", args=[sheet.public_id, number])


def finish_url(sheet: AnswerSheet) -> str:
    """Return the URL of the end of a sheet."""
    return reverse("progression:finish", args=[sheet.public_id])


@edit_page
def start(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say what comes, and begin a sheet or go on with the one that is begun."""
    course = get_course_or_404(request, public_id, "course.progression", ANSWER)
    if request.method == "POST":
        with errors_as_message(request):
            sheet = sheets.start_sheet(course, today=clock.today(), by=request.user)
            return redirect(_next_url(sheet))
        return redirect(review_url(course))
    begun = AnswerSheet.objects.begun().filter(course=course).first()
    if begun is None and sheets.is_answered(course, clock.today()):
        text = _("You have answered today. Is an answer wrong, unfold its area and choose “Correct”.")
        messages.info(request, text)
        return redirect(review_url(course))
    return render_page(request, "progression/start.html", {"course": course, "sheet": begun})


def _next_url(sheet: AnswerSheet) -> str:
    """Return the URL of the first step without an answer, or of the end."""
    missing = open_steps(steps_of(sheet.questionnaire_version), sheet.answers.all())
    return step_url(sheet, missing[0].number) if missing else finish_url(sheet)


def _sheet(request: AuthenticatedRequest, public_id: uuid.UUID) -> AnswerSheet:
    queryset = AnswerSheet.objects.select_related("questionnaire_version")
    return get_of_course_or_404(request, queryset, public_id, "course.progression", ANSWER)


def _finished(request: AuthenticatedRequest, sheet: AnswerSheet) -> HttpResponse:
    messages.info(request, _("The answers are finished already."))
    return redirect(review_url(sheet.course))


@edit_page
def step(request: AuthenticatedRequest, public_id: uuid.UUID, number: int) -> HttpResponse:
    """Ask one question; the answer of the time before is not shown."""
    sheet = _sheet(request, public_id)
    if sheet.is_finished:
        return _finished(request, sheet)
    steps = steps_of(sheet.questionnaire_version)
    if not 1 <= number <= len(steps):
        raise Http404
    current = steps[number - 1]
    answer = sheet.answers.filter(question=current.question, rater=current.rater).first()
    form = StepForm(form_data(request), sheet=sheet, step=current, answer=answer)
    next_url = step_url(sheet, number + 1) if number < len(steps) else finish_url(sheet)
    start_url = reverse("progression:start", args=[sheet.course.public_id])
    return answer_form(
        request,
        form,
        back_url=step_url(sheet, number - 1) if number > 1 else start_url,
        success_url=lambda _answer: next_url,
        template="progression/step.html",
        context={"step": current, "sheet": sheet, "course": sheet.course},
    )


@edit_page
def finish(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show the answers beside those of the time before, ask why they differ, and finish the sheet."""
    sheet = _sheet(request, public_id)
    if sheet.is_finished:
        return _finished(request, sheet)
    before = sheets.sheet_before(sheet)
    comparison = compare([sheet] if before is None else [sheet, before])
    changed = sheets.changed_answers(sheet, comparison.answers_of(sheet))
    form = FinishForm(form_data(request), sheet=sheet, changed=changed)
    steps = steps_of(sheet.questionnaire_version)
    missing = open_steps(steps, comparison.answers_of(sheet))
    return answer_form(
        request,
        form,
        back_url=step_url(sheet, len(steps)),
        success_url=lambda _sheet: review_url(sheet.course),
        template="progression/finish.html",
        context={
            "sheet": sheet,
            "course": sheet.course,
            "comparison": comparison.with_reason_fields(form.reason_fields()),
            "columns": ["now", "before"][: len(comparison.sheets)],
            "missing": missing,
        },
    )


@require_POST
def discard(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Throw a begun sheet away, to begin anew."""
    sheet = _sheet(request, public_id)
    with errors_as_message(request):
        sheets.discard_sheet(sheet)
        messages.success(request, _("The begun answers are thrown away."))
    return redirect(review_url(sheet.course))


@edit_page
def correct(request: AuthenticatedRequest, public_id: uuid.UUID) -> HttpResponse:
    """Correct a score of a finished sheet, with the reason."""
    answer = get_of_course_or_404(
        request,
        Answer.objects.select_related("question__scale"),
        public_id,
        "course.progression",
        ANSWER,
        course_path="sheet__course",
    )
    course = answer.sheet.course
    if not answer.sheet.is_finished:
        return redirect(_next_url(answer.sheet))
    form = CorrectAnswerForm(form_data(request), answer=answer)
    return answer_form(request, form, back_url=review_url(course))
