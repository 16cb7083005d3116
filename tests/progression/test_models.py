"""What the database promises about questionnaires and answers, by trying to break it (D23, D56)."""

import datetime

import pghistory
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from jobfirst.encryption.encrypted_text import Ciphertext
from progression.models import (
    TOOL,
    Answer,
    AnswerSheet,
    Category,
    Question,
    Questionnaire,
    QuestionnaireVersion,
    Scale,
    ScaleStep,
)
from tests.loops import some
from tests.progression.factories import AnswerFactory, AnswerSheetFactory
from tests.scenarios.progression_answers import finished_sheet

pytestmark = pytest.mark.django_db

MAY = datetime.date(2016, 5, 16)


@pytest.fixture
def version():
    return QuestionnaireVersion.objects.get(questionnaire__code=TOOL)


@pytest.fixture
def draft(version):
    return QuestionnaireVersion.objects.create(questionnaire=version.questionnaire, number=2)


def refused(error: type[Exception], words: str):
    return pytest.raises(error, match=words)


def attempt(act) -> None:
    """Do it in a transaction of its own, so that the test can go on after a refusal."""
    with transaction.atomic():
        act()


def test_the_default_set_is_published_and_complete(version) -> None:
    assert version.valid_from == datetime.date(2015, 10, 12)
    assert version.is_own_choice
    assert version.categories.count() == 7
    assert set(version.scales.get().steps.values_list("value", flat=True)) == set(range(11))
    for category in some(version.categories.all()):
        assert 1 <= category.questions.count() <= 3


def test_texts_are_in_the_readers_language(version) -> None:
    from django.utils import translation

    category = version.categories.first()
    with translation.override("da"):
        assert category.label == "Tro på egne evner"
    with translation.override("en"):
        assert category.label == "Belief in one's own ability"


class TestPublished:
    def test_a_published_version_is_neither_changed_nor_removed(self, version):
        with refused(DatabaseError, "Cannot update or delete"):
            attempt(lambda: QuestionnaireVersion.objects.update(valid_from=MAY))
        with refused(DatabaseError, "Cannot update or delete"):
            attempt(lambda: QuestionnaireVersion.objects.filter(pk=version.pk)._raw_delete("default"))

    @pytest.mark.parametrize("model", [Category, Question, Scale, ScaleStep])
    def test_its_parts_are_neither_changed_nor_removed(self, version, model):
        row = model.objects.filter(version=version).first()
        with refused(DatabaseError, "is final"):
            attempt(row.save)
        with refused(DatabaseError, "is final"):
            attempt(lambda: model.objects.filter(pk=row.pk)._raw_delete("default"))

    def test_nothing_is_added_to_it(self, version):
        with refused(DatabaseError, "is final"):
            attempt(lambda: Scale.objects.create(version=version, code="another"))

    def test_there_is_one_draft(self, draft):
        with refused(IntegrityError, "progression_version_one_draft"):
            attempt(lambda: QuestionnaireVersion.objects.create(questionnaire=draft.questionnaire, number=3))

    def test_a_draft_is_not_in_force(self, draft):
        with refused(IntegrityError, "progression_version_published"):
            attempt(lambda: QuestionnaireVersion.objects.filter(pk=draft.pk).update(valid_from=MAY))

    def test_the_latest_that_has_begun_is_in_force(self, version, draft):
        draft.valid_from, draft.published_at = MAY, timezone.now()
        draft.save()
        versions = QuestionnaireVersion.objects.of(TOOL)
        assert versions.in_force(MAY).first() == draft
        assert versions.in_force(MAY - datetime.timedelta(days=1)).first() == version
        assert versions.in_force(datetime.date(2015, 10, 11)).first() is None


class TestParts:
    def test_a_question_keeps_to_its_version(self, version, draft):
        category = Category.objects.create(version=draft, code="x", order=1, label_da="x", label_en="x")
        scale = version.scales.get()
        with refused(DatabaseError, "of another version"):
            attempt(lambda: self.question(draft, category, scale))

    def test_a_question_is_asked_of_somebody(self, draft):
        category = Category.objects.create(version=draft, code="x", order=1, label_da="x", label_en="x")
        scale = Scale.objects.create(version=draft, code="x")
        for asked_of in ([], ["nobody"]):
            with refused(IntegrityError, "progression_question_asked_of"):
                attempt(lambda raters=asked_of: self.question(draft, category, scale, asked_of=raters))

    def test_a_step_lies_between_0_and_10(self, draft):
        scale = Scale.objects.create(version=draft, code="x")
        with refused(IntegrityError, "progression_step_range"):
            attempt(
                lambda: ScaleStep.objects.create(
                    version=draft, scale=scale, value=11, words_da="x", words_en="x"
                )
            )

    @staticmethod
    def question(version, category, scale, asked_of=("citizen",)):
        return Question.objects.create(
            version=version,
            category=category,
            scale=scale,
            code="x",
            order=1,
            text_da="x",
            text_en="x",
            asked_of=list(asked_of),
        )


class TestAnswers:
    def test_one_sheet_is_begun_at_a_time(self, course):
        AnswerSheetFactory(course=course)
        with refused(IntegrityError, "progression_sheet_one_begun"):
            attempt(lambda: AnswerSheetFactory(course=course))

    def test_one_sheet_a_day_is_finished(self, course):
        AnswerSheetFactory(course=course, finished=True)
        with refused(IntegrityError, "progression_sheet_one_a_day"):
            attempt(lambda: AnswerSheetFactory(course=course, finished=True))

    def test_a_finished_sheet_is_not_opened_again(self, course):
        sheet = AnswerSheetFactory(course=course, finished=True)
        with refused(DatabaseError, "Invalid transition"):
            attempt(lambda: AnswerSheet.objects.filter(pk=sheet.pk).update(state="begun", finished_at=None))

    def test_a_sheet_keeps_its_version(self, course, draft):
        sheet = AnswerSheetFactory(course=course)
        with refused(DatabaseError, "Cannot update"):
            attempt(lambda: AnswerSheet.objects.filter(pk=sheet.pk).update(questionnaire_version=draft))

    def test_an_answer_is_a_step_of_its_scale(self, course):
        sheet = AnswerSheetFactory(course=course)
        with refused(DatabaseError, "does not fit"):
            attempt(lambda: AnswerFactory(sheet=sheet, value=11))
        assert AnswerFactory(sheet=sheet, value=None).value is None

    def test_an_answer_is_changed_to_a_step_of_its_scale(self, course):
        answer = AnswerFactory(sheet=AnswerSheetFactory(course=course))
        with refused(DatabaseError, "does not fit"):
            attempt(lambda: Answer.objects.filter(pk=answer.pk).update(value=11))

    def test_one_of_many_answers_that_does_not_fit_refuses_all(self, course):
        sheet = AnswerSheetFactory(course=course)
        answers = [AnswerFactory.build(sheet=sheet, rater=rater, value=5) for rater in ("citizen", "mentor")]
        answers[1].value = 11
        with refused(DatabaseError, "does not fit"):
            attempt(lambda: Answer.objects.bulk_create(answers))
        assert not Answer.objects.exists()

    def test_every_answer_of_a_statement_leaves_its_event(self, course):
        sheet = AnswerSheetFactory(course=course)
        with pghistory.context(user=7):
            Answer.objects.bulk_create(
                AnswerFactory.build(sheet=sheet, rater=rater, value=5) for rater in ("citizen", "mentor")
            )
            Answer.objects.filter(rater="mentor").update(value=6)
            Answer.objects.update(value=6)  # changes one of the two
            Answer.objects.all().delete()
        rows = Answer.events.rel.related_model.objects.order_by("pgh_id")
        events = list(rows.values_list("pgh_label", "rater", "value", "pgh_context__metadata__user"))
        # The order of the events of one statement is the server's to choose.
        inserts, updates, deletes = set(events[:2]), events[2:4], set(events[4:])
        assert inserts == {("insert", "citizen", 5, 7), ("insert", "mentor", 5, 7)}
        assert updates == [("update", "mentor", 6, 7), ("update", "citizen", 6, 7)]
        assert deletes == {("delete", "citizen", 6, 7), ("delete", "mentor", 6, 7)}

    def test_an_answer_is_of_the_version_of_its_sheet(self, course):
        other = Questionnaire.objects.create(code="other")
        version = QuestionnaireVersion.objects.create(questionnaire=other, number=1)
        sheet = AnswerSheetFactory(course=course, questionnaire_version=version)
        question = Question.objects.get(code="health_felt")
        with refused(DatabaseError, "does not fit"):
            attempt(lambda: AnswerFactory(sheet=sheet, question=question))

    def test_a_question_is_answered_once_by_each(self, course):
        sheet = AnswerSheetFactory(course=course)
        AnswerFactory(sheet=sheet)
        AnswerFactory(sheet=sheet, rater="mentor")
        with refused(IntegrityError, "progression_answer_once"):
            attempt(lambda: AnswerFactory(sheet=sheet))

    def test_a_finished_answer_is_not_changed_without_a_reason(self, course):
        answers = Answer.objects.filter(sheet=finished_sheet(course, MAY, 5))
        with refused(DatabaseError, "corrected with a reason"):
            attempt(lambda: answers.update(value=7))
        answers.update(value=7, correction=Ciphertext("Trykket forkert"))
