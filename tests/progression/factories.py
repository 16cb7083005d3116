"""Answer sheets of the progression tool, and their answers."""

import datetime

import factory
from factory.django import DjangoModelFactory

from progression.models import TOOL, Answer, AnswerSheet, QuestionnaireVersion, Rater, SheetState
from tests.factories import DRAWN_ON, CourseFactory


class AnswerSheetFactory(DjangoModelFactory):
    """A begun sheet of the default questions; `finished=True` for a finished one."""

    class Meta:
        model = AnswerSheet

    class Params:
        finished = factory.Trait(
            state=SheetState.FINISHED, finished_at=datetime.datetime(2016, 4, 4, 9, tzinfo=datetime.UTC)
        )

    course = factory.SubFactory(CourseFactory)
    questionnaire_version = factory.LazyFunction(
        lambda: QuestionnaireVersion.objects.of(TOOL).in_force(DRAWN_ON).get()
    )
    answered_on = DRAWN_ON


class AnswerFactory(DjangoModelFactory):
    """The citizen's answer to the first question."""

    class Meta:
        model = Answer

    sheet = factory.SubFactory(AnswerSheetFactory)
    question = factory.LazyAttribute(lambda answer: answer.sheet.questionnaire_version.questions.first())
    rater = Rater.CITIZEN
    value = 5
