"""The questions of the annex on a day (D16): the version in force of the questionnaire `ANNEX`."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from progression.models import ANNEX, Question, QuestionnaireVersion


@dataclass(frozen=True)
class AnnexTexts:
    """The questions as a work agreement prints them, in Danish and as they are put to the company."""

    questions: Sequence[str]
    is_own_choice: bool


def version_on(day: datetime.date) -> QuestionnaireVersion:
    """Return the version in force on the day with its questions, scales and steps; before the first one the
    first. DoesNotExist without any."""
    versions = QuestionnaireVersion.objects.of(ANNEX).prefetch_related(
        Prefetch("questions", Question.objects.select_related("category", "scale")),
        "questions__scale__steps",
    )
    return versions.in_force(day).first() or versions.published().earliest("valid_from")


def annex_on(day: datetime.date) -> AnnexTexts:
    """Return what an agreement that is made on the day prints of the annex."""
    version = version_on(day)
    questions = [question.company_text_da or question.text_da for question in version.questions.all()]
    return AnnexTexts(questions, version.is_own_choice)
