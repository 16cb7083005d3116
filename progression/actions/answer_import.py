"""Answers from a file: checked one by one, saved together."""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.deadlines import update_deadlines
from cases.models import Course
from jobfirst import clock, progress
from progression.models import Answer, AnswerSheet, Question, SheetState

BATCH = 500


@dataclass(frozen=True)
class ImportedAnswer:
    """An answer as one row of a file."""

    course: Course
    answered_on: datetime.date
    question: Question
    rater: str
    value: int

    @property
    def key(self) -> "AnswerKey":
        """What makes it the same answer when it is delivered again."""
        return AnswerKey(self.course.pk, self.answered_on, self.question.pk, self.rater)


class AnswerKey(NamedTuple):
    """What identifies an answer of a finished sheet."""

    course: int
    answered_on: datetime.date
    question: int
    rater: str


class _SheetKey(NamedTuple):
    """What identifies a finished sheet."""

    course: int
    version: int
    answered_on: datetime.date


def stored_answers(courses: Collection[int]) -> dict[AnswerKey, Answer]:
    """Return the answers of the courses' finished sheets."""
    answers = Answer.objects.filter(sheet__course__in=courses, sheet__state=SheetState.FINISHED)
    return {
        AnswerKey(answer.sheet.course_id, answer.sheet.answered_on, answer.question_id, answer.rater): answer
        for answer in answers.select_related("sheet").order_by("pk")
    }


def first_values(answers: Iterable[Answer]) -> dict[int, int | None]:
    """Return the values that the answers were stored with first, by the answer's id."""
    events = Answer.events.rel.related_model._default_manager.filter(  # type: ignore[attr-defined]
        pgh_label="insert", pgh_obj__in=[answer.pk for answer in answers]
    )
    return dict(events.values_list("pgh_obj_id", "value"))


def lock_courses(courses: Iterable[Course]) -> list[int]:
    """Lock the courses in order of their ids, so that two imports cannot deadlock; return the ids."""
    ids = sorted({course.pk for course in courses})
    list(Course.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk").only("pk"))
    return ids


@transaction.atomic
def record_answers(answers: Sequence[ImportedAnswer], *, by: User | None = None) -> int:
    """Record many answers, each on a finished sheet of its course, day and version; return how many were new.

    An answer that is stored already is not recorded again. Needs the courses' locks.
    """
    courses = {answer.course.pk: answer.course for answer in answers}
    keys = set(stored_answers(courses))
    new_answers = []
    for answer in answers:
        if answer.key not in keys:
            keys.add(answer.key)
            new_answers.append(answer)
    sheets = _sheets(new_answers, by)
    rows = [
        Answer(
            sheet=sheets[_sheet_key(answer)],
            question=answer.question,
            rater=answer.rater,
            value=answer.value,
        )
        for answer in new_answers
    ]
    for batch in progress.batches(rows, BATCH, _("Answers")):
        Answer.objects.bulk_create(batch)
    changed_courses = {answer.course.pk: answer.course for answer in new_answers}
    update_deadlines(changed_courses.values(), "progression_missing")
    return len(new_answers)


def _sheet_key(answer: ImportedAnswer) -> _SheetKey:
    return _SheetKey(answer.course.pk, answer.question.version_id, answer.answered_on)


def _sheets(answers: Sequence[ImportedAnswer], by: User | None) -> dict[_SheetKey, AnswerSheet]:
    """Return the finished sheets of the answers; those that are missing are made."""
    stored = AnswerSheet.objects.finished().filter(course__in={answer.course.pk for answer in answers})
    sheets = {
        _SheetKey(sheet.course_id, sheet.questionnaire_version_id, sheet.answered_on): sheet
        for sheet in stored
    }
    missing = {_sheet_key(answer) for answer in answers} - sheets.keys()
    new_sheets = [
        AnswerSheet(
            course_id=key.course,
            questionnaire_version_id=key.version,
            answered_on=key.answered_on,
            state=SheetState.FINISHED,
            started_by=by,
            finished_by=by,
            finished_at=clock.now(),
        )
        for key in sorted(missing)
    ]
    for batch in progress.batches(new_sheets, BATCH, _("Answer sheets")):
        for sheet in AnswerSheet.objects.bulk_create(batch):
            key = _SheetKey(sheet.course_id, sheet.questionnaire_version_id, sheet.answered_on)
            sheets[key] = sheet
    return sheets
