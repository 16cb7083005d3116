"""Answers to the progression tool: a sheet begun, answered in every step, or finished."""

import datetime
from collections.abc import Mapping

from cases.models import Course
from jobfirst import clock
from progression.actions import sheets
from progression.models import TOOL, Answer, AnswerSheet, QuestionnaireVersion
from progression.steps import steps_of


def answer_all(sheet: AnswerSheet, value: int | None, except_for: Mapping[str, int | None]) -> None:
    """Answer every step of a begun sheet with the same value; `except_for` has others by question code."""
    for step in steps_of(sheet.questionnaire_version):
        sheets.save_answer(sheet, step.question, step.rater, value=except_for.get(step.question.code, value))


def begun_sheet(
    course: Course, day: datetime.date, value: int | None, **except_for: int | None
) -> AnswerSheet:
    """Return a begun sheet with an answer in every step."""
    sheet = sheets.start_sheet(course, today=day)
    answer_all(sheet, value, except_for)
    return sheet


def finished_sheet(
    course: Course,
    day: datetime.date,
    value: int | None,
    *,
    reason: str = "Ny opgave",
    **except_for: int | None,
) -> AnswerSheet:
    """Return a finished sheet; every category that has changed gets the reason."""
    sheet = begun_sheet(course, day, value, **except_for)
    answers = Answer.objects.with_bounds().filter(sheet=sheet).select_related("question__category")
    codes = {answer.question.category.code for answer in sheets.changed_answers(sheet, answers)}
    return sheets.finish_sheet(sheet, today=day, reasons=dict.fromkeys(codes, reason))


def imported_sheet(
    course: Course, day: datetime.date, *, rater: str = "citizen", value: int = 5
) -> AnswerSheet:
    """Return a finished sheet with one answer, as an import makes it."""
    version = QuestionnaireVersion.objects.of(TOOL).in_force(day).get()
    sheet = AnswerSheet.objects.create(
        course=course,
        questionnaire_version=version,
        answered_on=day,
        state="finished",
        finished_at=clock.now(),
    )
    Answer.objects.create(sheet=sheet, question=version.questions.first(), rater=rater, value=value)
    return sheet
