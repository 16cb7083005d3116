"""The agency makes versions of the questionnaire: drafts, what changes, publishing from a day on (D23)."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from jobfirst.kit.versioned import StaleError
from progression.actions import questionnaires, sheets
from progression.models import TOOL, Category, Question, QuestionnaireVersion, ScaleStep
from progression.presentation.version_changes import changes_since
from tests.scenarios.progression_answers import finished_sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wednesday")]

TODAY = datetime.date(2016, 5, 18)
JUNE = datetime.date(2016, 6, 1)


@pytest.fixture
def draft():
    return questionnaires.make_draft()


@pytest.fixture
def first():
    return QuestionnaireVersion.objects.get(questionnaire__code=TOOL, number=1)


def url(name, *args):
    return reverse(f"progression:{name}", args=args)


def content_of(response) -> str:
    return response.content.decode()


def question_data(draft, **changes):
    return {
        "category": draft.categories.get(code="health").pk,
        "code": "health_sleep",
        "order": "20",
        "text_da": "Hvor meget får du sovet?",
        "text_en": "How much do you get to sleep?",
        "scale": draft.scales.get().pk,
        "asked_of": ["citizen"],
        "version": draft.version,
        **changes,
    }


def publish(draft, **changes):
    terms = {"valid_from": JUNE, "change_note": "Søvn", "today": TODAY, **changes}
    return questionnaires.publish(draft, **terms)


def test_a_draft_is_a_copy_of_the_newest_version(draft, first) -> None:
    assert questionnaires.make_draft() == draft
    assert (draft.number, draft.is_draft) == (2, True)
    assert changes_since(first, draft) == []
    assert draft.questions.count() == 13
    assert ScaleStep.objects.filter(version=draft).count() == 11


def test_a_draft_says_what_it_changes(draft, first) -> None:
    question = draft.questions.get(code="health_felt")
    questionnaires.save_part(question, {"text_da": "Hvordan går det med helbredet?"})
    questionnaires.remove_part(draft.questions.get(code="health_managed"))
    questionnaires.save_part(
        Category(version=draft), {"code": "money", "order": 9, "label_da": "Penge", "label_en": "Money"}
    )
    new, changed, gone = changes_since(first, draft)
    assert "Penge / Money" in new
    assert "→ Hvordan går det med helbredet?" in changed
    assert "når helbredet driller" in gone


def test_a_form_opened_before_another_change_is_stale(draft) -> None:
    question = draft.questions.get(code="health_felt")
    questionnaires.save_part(question, {"text_da": "A"}, version=1)
    with pytest.raises(StaleError):
        questionnaires.save_part(question, {"text_da": "B"}, version=1)
    assert Question.objects.get(pk=question.pk).text_da == "A"


def test_a_category_with_questions_is_not_removed(draft) -> None:
    with pytest.raises(ValidationError, match="Spørgsmål bruger"):
        questionnaires.remove_part(draft.categories.get(code="health"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": TODAY - datetime.timedelta(days=1)}, "valid_from"),
        ({"change_note": " "}, "change_note"),
    ],
)
def test_publishing_needs_a_day_ahead_and_a_note(draft, changes, field) -> None:
    with pytest.raises(ValidationError) as caught:
        publish(draft, **changes)
    assert list(caught.value.message_dict) == [field]


def test_a_version_follows_the_one_before_it(draft) -> None:
    publish(draft)
    with pytest.raises(ValidationError, match="efter den"):
        publish(questionnaires.make_draft(), valid_from=JUNE)


def test_a_draft_with_an_empty_category_is_not_published(draft) -> None:
    questionnaires.save_part(
        Category(version=draft), {"code": "money", "order": 9, "label_da": "Penge", "label_en": "Money"}
    )
    with pytest.raises(ValidationError, match="ingen spørgsmål"):
        publish(draft)


def test_a_published_version_is_not_edited(draft) -> None:
    publish(draft)
    with pytest.raises(ValidationError, match="offentliggjort"):
        questionnaires.save_part(draft.questions.first(), {"text_da": "x"})


def test_answers_keep_their_version_and_new_ones_take_the_new_one(course, draft) -> None:
    sheet = finished_sheet(course, TODAY, 5)
    questionnaires.save_part(draft.questions.get(code="health_felt"), {"text_da": "Nyt"})
    publish(draft)
    before = sheets.start_sheet(course, today=JUNE - datetime.timedelta(days=1))
    sheets.discard_sheet(before)
    after = sheets.start_sheet(course, today=JUNE)
    sheet.refresh_from_db()
    numbers = [answers.questionnaire_version.number for answers in (sheet, before, after)]
    assert numbers == [1, 1, 2]
    assert sheet.answers.get(question__code="health_felt", rater="citizen").question.text_da != "Nyt"


class TestPages:
    def test_the_versions_are_listed_and_previewed(self, as_user, agency):
        client = as_user(agency)
        page = content_of(client.get(url("versions")))
        assert "Version 1" in page
        assert "Gældende" in page
        page = content_of(client.get(url("version", "progression", 1)))
        for words in ("Hvor meget overskud", "How much energy", "10: Helt og fuldt", "health_felt"):
            assert words in page
        assert url("publish", "progression", 1) not in page

    def test_a_draft_is_made_edited_and_published(self, as_user, agency):
        client = as_user(agency)
        response = client.post(url("new_draft", "progression"))
        draft = QuestionnaireVersion.objects.get(number=2)
        assert response.url == url("version", "progression", 2)
        response = client.post(url("new_part", "progression", 2, "spoergsmaal"), question_data(draft))
        assert response.status_code == 302, content_of(response)
        draft.refresh_from_db()
        step = draft.scales.get().steps.get(value=5)
        data = {"scale": step.scale_id, "value": 5, "words_da": "Midt", "words_en": "Mid"}
        client.post(
            url("change_part", "progression", 2, "trin", "degree-5"), {**data, "version": draft.version}
        )
        page = content_of(client.get(url("version", "progression", 2)))
        assert "Ny: Hvor meget får du sovet?" in page
        assert "→ degree 5: Midt / Mid" in page
        draft.refresh_from_db()
        data = {"valid_from": "2016-06-01", "change_note": "Søvn", "version": draft.version}
        assert client.post(url("publish", "progression", 2), data).status_code == 302
        draft.refresh_from_db()
        assert (draft.valid_from, draft.published_by) == (JUNE, agency)
        assert client.get(url("publish", "progression", 2)).status_code == 404

    def test_what_a_question_lacks_is_said_beside_its_field(self, as_user, agency, draft):
        client = as_user(agency)
        for wrong, field in (
            ({"text_en": ""}, "text_en"),
            ({"asked_of": []}, "asked_of"),
            ({"code": "Sovn!"}, "code"),
        ):
            response = client.post(
                url("new_part", "progression", 2, "spoergsmaal"), question_data(draft, **wrong)
            )
            assert f"id_{field}_error" in content_of(response)
        assert draft.questions.count() == 13

    def test_a_code_that_is_taken_is_refused(self, as_user, agency, draft):
        response = as_user(agency).post(
            url("new_part", "progression", 2, "spoergsmaal"), question_data(draft, code="health_felt")
        )
        assert response.status_code == 200
        assert draft.questions.count() == 13

    def test_a_stale_edit_shows_both(self, as_user, agency, draft):
        questionnaires.save_part(draft.questions.get(code="health_felt"), {"text_da": "Deres"})
        question = draft.questions.get(code="health_felt")
        data = question_data(draft, code="health_felt", text_da="Mit", version=1)
        response = as_user(agency).post(
            url("change_part", "progression", 2, "spoergsmaal", question.code), data
        )
        assert response.status_code == 409
        assert "Deres" in content_of(response)
        assert "Mit" in content_of(response)

    def test_a_part_is_removed_and_a_draft_thrown_away(self, as_user, agency, draft):
        client = as_user(agency)
        client.post(url("remove_part", "progression", 2, "spoergsmaal", "health_managed"))
        assert draft.questions.count() == 12
        client.post(url("discard_draft", "progression", 2))
        assert not QuestionnaireVersion.objects.filter(number=2).exists()

    @pytest.mark.parametrize(
        "path", [("vejr", "x"), ("trin", "degree-99"), ("trin", "degree"), ("skala", "x")]
    )
    def test_a_part_that_does_not_exist_is_not_found(self, as_user, agency, draft, path):
        assert as_user(agency).get(url("change_part", "progression", 2, *path)).status_code == 404


class TestAnnex:
    """The annex has its versions on the same pages (D16)."""

    def test_a_new_version_changes_the_company_s_wording(self, as_user, agency):
        client = as_user(agency)
        client.post(url("new_draft", "annex"))
        draft = QuestionnaireVersion.objects.of("annex").get(number=2)
        question = draft.questions.get(code="on_time")
        data = {
            "category": question.category_id,
            "code": "on_time",
            "order": 1,
            "text_da": question.text_da,
            "text_en": question.text_en,
            "company_text_da": "Møder medarbejderen til tiden?",
            "company_text_en": question.company_text_en,
            "scale": question.scale_id,
            "version": draft.version,
        }
        client.post(url("change_part", "annex", 2, "spoergsmaal", "on_time"), data)
        question.refresh_from_db()
        assert question.company_text_da == "Møder medarbejderen til tiden?"
        assert question.asked_of == ["citizen", "company_contact"]
        draft.refresh_from_db()
        data = {"valid_from": "2016-06-01", "change_note": "Kortere", "version": draft.version}
        assert client.post(url("publish", "annex", 2), data).status_code == 302

    def test_a_questionnaire_that_does_not_exist_has_no_draft(self, as_user, agency):
        assert as_user(agency).post(url("new_draft", "andet")).status_code == 404
