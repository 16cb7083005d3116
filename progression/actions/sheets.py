"""Answering together: begin a sheet, save each answer, finish it or throw it away (D23, D56)."""

import datetime
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from cases.actions.checks import changed, check_day, check_running, locked, refuse
from cases.actions.deadlines import updates_deadlines
from cases.models import Course
from jobfirst import clock
from jobfirst.kit.versioned import ensure_latest
from progression.models import TOOL, Answer, AnswerSheet, Question, QuestionnaireVersion, Rater, SheetState
from progression.rules.changes import has_changed
from progression.steps import open_steps, steps_of


@transaction.atomic
def start_sheet(course: Course, *, today: datetime.date, by: User | None = None) -> AnswerSheet:
    """Begin a sheet with the version in force, or return the one that is begun (idempotent).

    Refused when the questions in force have been answered today: those answers can be corrected.
    """
    course = locked(course)
    begun = AnswerSheet.objects.begun().filter(course=course).first()
    if begun is not None:
        return begun
    check_running(course)
    version = QuestionnaireVersion.objects.of(TOOL).in_force(today).first()
    if version is None:
        raise ValidationError(_("No questions are in force today."), code="no_version")
    _check_first_of_day(course, version, today)
    return AnswerSheet.objects.create(
        course=course, questionnaire_version=version, answered_on=today, started_by=by
    )


def is_answered(course: Course, day: datetime.date) -> bool:
    """Whether the questions in force on the day have been answered on it, so that no sheet can be begun."""
    version = QuestionnaireVersion.objects.of(TOOL).in_force(day).first()
    return version is not None and _is_answered_with(version, course, day)


def _is_answered_with(version: QuestionnaireVersion, course: Course, day: datetime.date) -> bool:
    finished = AnswerSheet.objects.finished().filter(course=course, questionnaire_version=version)
    return finished.filter(answered_on=day).exists()


def _check_first_of_day(course: Course, version: QuestionnaireVersion, day: datetime.date) -> None:
    if _is_answered_with(version, course, day):
        raise ValidationError(
            _("The questions have been answered today. Correct those answers instead."), code="answered"
        )


def _begun(sheet: AnswerSheet) -> AnswerSheet:
    """Return the current sheet under its course's lock; refused when it is finished."""
    course = locked(sheet.course)
    sheet = AnswerSheet.objects.select_related("questionnaire_version").get(pk=sheet.pk)
    sheet.course = course
    if sheet.is_finished:
        raise ValidationError(_("The answers are finished already."), code="finished")
    return sheet


@transaction.atomic
def save_answer(
    sheet: AnswerSheet, question: Question, rater: Rater, *, value: int | None, version: int | None = None
) -> Answer:
    """Save an answer of a begun sheet; `value` None is "not now".

    `version` is that of the answer the form was opened on, 0 without one; StaleError when somebody else has
    answered since. The same answer again changes nothing.
    """
    sheet = _begun(sheet)
    answer = Answer.objects.filter(sheet=sheet, question=question, rater=rater).first()
    if answer is not None and answer.value == value:
        return answer
    ensure_latest(answer, 0 if answer is None else answer.version, version)
    if value is not None and not question.scale.steps.filter(value=value).exists():
        raise refuse("value", _("Choose one of the steps."), "no_step")
    if answer is None:
        return Answer.objects.create(sheet=sheet, question=question, rater=rater, value=value)
    changed(answer, {"value": value})
    return answer


@updates_deadlines("progression_missing")
@transaction.atomic
def finish_sheet(
    sheet: AnswerSheet, *, today: datetime.date, reasons: Mapping[str, str], by: User | None = None
) -> AnswerSheet:
    """Finish a sheet in which every question is answered or put off.

    Each category with an answer that differs from the time before needs a reason (D56); `reasons` are by the
    category's code. Idempotent: finishing it again changes nothing.
    """
    course = locked(sheet.course)
    current = AnswerSheet.objects.get(pk=sheet.pk)
    current.course = course
    if current.is_finished:
        return current
    check_running(course)
    check_day(course, "answered_on", today)
    answers = list(
        Answer.objects.with_bounds().filter(sheet=current).select_related("question__category").order_by("pk")
    )
    _check_complete(current, answers)
    _check_first_of_day(course, current.questionnaire_version, today)
    _give_reasons(changed_answers(current, answers), reasons)
    changed(
        current,
        {
            "state": SheetState.FINISHED,
            "answered_on": today,
            "finished_at": clock.now(),
            "finished_by": by,
        },
    )
    return current


def _check_complete(sheet: AnswerSheet, answers: list[Answer]) -> None:
    missing = len(open_steps(steps_of(sheet.questionnaire_version), answers))
    if missing:
        message = ngettext(
            "%(count)d question is neither answered nor put off.",
            "%(count)d questions are neither answered nor put off.",
            missing,
        )
        raise ValidationError(message % {"count": missing}, code="incomplete")
    if not any(answer.value is not None and answer.rater == Rater.CITIZEN for answer in answers):
        raise ValidationError(_("The citizen has answered none of the questions."), code="all_put_off")


def sheet_before(sheet: AnswerSheet) -> AnswerSheet | None:
    """Return the latest finished sheet of the same course and questionnaire, while this one is begun."""
    sheets = AnswerSheet.objects.of_review().filter(
        course=sheet.course, questionnaire_version__questionnaire__versions=sheet.questionnaire_version_id
    )
    return sheets.exclude(pk=sheet.pk).first()


def answers_before(sheet: AnswerSheet) -> dict[tuple[str, str], Answer]:
    """Return the answers of the time before by question code and rater; two queries."""
    answers = (
        Answer.objects.with_bounds().filter(sheet=sheet_before(sheet)).select_related("question__category")
    )
    return {(answer.question.code, answer.rater): answer for answer in answers}


def changed_answers(sheet: AnswerSheet, answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers (with bounds) that differ from those of the time before."""
    before = answers_before(sheet)
    differing = []
    for answer in answers:
        earlier = before.get((answer.question.code, answer.rater))
        if earlier is not None and has_changed(earlier.scaled, answer.scaled):
            differing.append(answer)
    return differing


def _give_reasons(answers: list[Answer], reasons: Mapping[str, str]) -> None:
    """Write the category's reason on each changed answer; refused, with all categories, without one."""
    errors = {}
    for answer in answers:
        code = answer.question.category.code
        reason = reasons.get(code, "").strip()
        if not reason:
            errors[reason_field(code)] = ValidationError(_("Write what has changed."), code="no_reason")
            continue
        if answer.reason != reason:
            changed(answer, {"reason": reason})
    if errors:
        raise ValidationError(errors)


def reason_field(code: str) -> str:
    """Return the name of the form's field with the reason of a category."""
    return f"reason_{code}"


@transaction.atomic
def discard_sheet(sheet: AnswerSheet) -> None:
    """Throw a begun sheet away; the history keeps its answers."""
    _begun(sheet).delete()
