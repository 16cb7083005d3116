"""Answering together: begun, saved step by step, finished and corrected with reasons (D23, D56)."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from jobfirst.kit.versioned import StaleError
from progression.actions import corrections, sheets
from progression.models import Answer, AnswerSheet, CategorySelection, Rater
from progression.steps import open_steps, steps_of
from tests.progression.conftest import APRIL, MAY
from tests.scenarios.progression_answers import begun_sheet, finished_sheet

pytestmark = pytest.mark.django_db


def refused(code: str):
    """Return the context manager of a refusal with this code."""
    return pytest.raises(ValidationError, check=lambda error: code in codes_of(error))


def codes_of(error: ValidationError) -> set[str]:
    if hasattr(error, "error_dict"):
        return {item.code for errors in error.error_dict.values() for item in errors}
    return {item.code for item in error.error_list}


def first_step(sheet: AnswerSheet):
    return steps_of(sheet.questionnaire_version)[0]


def test_the_steps_are_first_the_citizens_then_the_mentors_own(course) -> None:
    sheet = sheets.start_sheet(course, today=MAY)
    raters = [step.rater for step in steps_of(sheet.questionnaire_version)]
    assert raters == [Rater.CITIZEN] * 12 + [Rater.MENTOR] * 7


def test_starting_twice_goes_on_with_the_same_sheet(course) -> None:
    sheet = sheets.start_sheet(course, today=APRIL)
    assert sheets.start_sheet(course, today=MAY) == sheet
    assert AnswerSheet.objects.count() == 1


def test_an_ended_course_is_not_answered(course) -> None:
    course.ended_on, course.end_reason = MAY, "other"
    course.save()
    with refused("ended"):
        sheets.start_sheet(course, today=MAY)


def test_before_the_first_version_nothing_is_asked(course) -> None:
    course.started_on = datetime.date(2015, 1, 5)
    course.save()
    with refused("no_version"):
        sheets.start_sheet(course, today=datetime.date(2015, 10, 11))


def test_each_answer_is_saved_and_the_next_open_step_follows(course) -> None:
    sheet = sheets.start_sheet(course, today=MAY)
    steps = steps_of(sheet.questionnaire_version)
    sheets.save_answer(sheet, steps[0].question, Rater.CITIZEN, value=4)
    sheets.save_answer(sheet, steps[1].question, Rater.CITIZEN, value=None)
    assert open_steps(steps, sheet.answers.all())[0] == steps[2]


def test_the_same_answer_sent_twice_is_one(course) -> None:
    sheet = sheets.start_sheet(course, today=MAY)
    question = first_step(sheet).question
    first = sheets.save_answer(sheet, question, Rater.CITIZEN, value=4, version=0)
    assert sheets.save_answer(sheet, question, Rater.CITIZEN, value=4, version=0) == first
    assert first.version == 1


def test_another_answer_given_meanwhile_is_not_overwritten(course) -> None:
    sheet = sheets.start_sheet(course, today=MAY)
    question = first_step(sheet).question
    sheets.save_answer(sheet, question, Rater.CITIZEN, value=4, version=0)
    with pytest.raises(StaleError):
        sheets.save_answer(sheet, question, Rater.CITIZEN, value=7, version=0)
    assert sheet.answers.get().value == 4


def test_an_answer_outside_the_scale_is_refused(course) -> None:
    sheet = sheets.start_sheet(course, today=MAY)
    with refused("no_step"):
        sheets.save_answer(sheet, first_step(sheet).question, Rater.CITIZEN, value=11)


def test_finishing_needs_every_question_answered_or_put_off(course) -> None:
    sheet = begun_sheet(course, MAY, 5)
    sheet.answers.first().delete()
    with refused("incomplete"):
        sheets.finish_sheet(sheet, today=MAY, reasons={})


def test_finishing_needs_at_least_one_answer_of_the_citizen(course) -> None:
    sheet = begun_sheet(course, MAY, None)
    with refused("all_put_off"):
        sheets.finish_sheet(sheet, today=MAY, reasons={})


def test_the_first_answers_need_no_reasons(course, holder) -> None:
    sheet = sheets.finish_sheet(begun_sheet(course, MAY, 5), today=MAY, reasons={}, by=holder)
    assert (sheet.state, sheet.answered_on, sheet.finished_by) == ("finished", MAY, holder)


def test_a_category_that_has_changed_needs_a_reason(course) -> None:
    finished_sheet(course, APRIL, 4)
    sheet = begun_sheet(course, MAY, 4, health_felt=6)
    with pytest.raises(ValidationError) as caught:
        sheets.finish_sheet(sheet, today=MAY, reasons={"health": " "})
    assert list(caught.value.message_dict) == ["reason_health"]
    sheets.finish_sheet(sheet, today=MAY, reasons={"health": "Ny medicin"})
    reasons = sheet.answers.exclude(reason="").values_list("question__code", "rater", "reason")
    assert sorted(reasons) == [
        ("health_felt", "citizen", "Ny medicin"),
        ("health_felt", "mentor", "Ny medicin"),
    ]


def test_not_now_is_no_change(course) -> None:
    finished_sheet(course, APRIL, 4)
    sheet = begun_sheet(course, MAY, 4, health_felt=None)
    assert sheets.finish_sheet(sheet, today=MAY, reasons={}).is_finished


def test_finishing_twice_is_finishing_once(course) -> None:
    sheet = finished_sheet(course, MAY, 5)
    again = sheets.finish_sheet(sheet, today=MAY, reasons={})
    assert again.version == sheet.version


def test_the_day_is_that_of_finishing(course) -> None:
    sheet = begun_sheet(course, APRIL, 5)
    assert sheets.finish_sheet(sheet, today=MAY, reasons={}).answered_on == MAY


def test_the_questions_are_answered_once_a_day(course) -> None:
    finished_sheet(course, MAY, 5)
    with refused("answered"):
        sheets.start_sheet(course, today=MAY)


def test_a_finished_sheet_takes_no_answers_and_is_not_thrown_away(course) -> None:
    sheet = finished_sheet(course, MAY, 5)
    with refused("finished"):
        sheets.save_answer(sheet, first_step(sheet).question, Rater.CITIZEN, value=4)
    with refused("finished"):
        sheets.discard_sheet(sheet)


def test_a_begun_sheet_can_be_thrown_away(course) -> None:
    sheets.discard_sheet(begun_sheet(course, MAY, 5))
    assert not AnswerSheet.objects.exists()
    assert sheets.start_sheet(course, today=MAY).answers.count() == 0


def test_a_correction_has_a_reason_and_leaves_the_earlier_value_in_the_history(course) -> None:
    answer = finished_sheet(course, MAY, 5).answers.get(question__code="health_felt", rater="citizen")
    corrected = corrections.correct_answer(
        answer, value=7, correction="Trykket forkert", version=answer.version
    )
    assert (corrected.value, corrected.correction) == (7, "Trykket forkert")
    values = answer.events.order_by("pgh_id").values_list("value", flat=True)
    assert list(values) == [5, 7]


@pytest.mark.parametrize(
    ("value", "correction", "code"), [(5, "x", "same"), (7, " ", "no_reason"), (11, "x", "no_step")]
)
def test_a_correction_without_reason_or_difference_is_refused(course, value, correction, code) -> None:
    answer = finished_sheet(course, MAY, 5).answers.first()
    with refused(code):
        corrections.correct_answer(answer, value=value, correction=correction)


def test_a_begun_answer_is_not_corrected(course) -> None:
    with refused("begun"):
        corrections.correct_answer(begun_sheet(course, MAY, 5).answers.first(), value=7, correction="x")


def test_a_stale_correction_is_refused(course) -> None:
    answer = finished_sheet(course, MAY, 5).answers.first()
    corrections.correct_answer(answer, value=7, correction="x", version=answer.version)
    with pytest.raises(StaleError):
        corrections.correct_answer(answer, value=8, correction="y", version=answer.version)
    assert Answer.objects.get(pk=answer.pk).value == 7


def test_selected_categories_are_changed_and_not_overwritten(course, holder) -> None:
    corrections.select_categories(course, ["health", "belief"], by=holder, version=0)
    assert corrections.select_categories(course, ["belief", "health"], by=holder, version=0).version == 1
    with pytest.raises(StaleError):
        corrections.select_categories(course, ["goal"], version=0)
    corrections.select_categories(course, ["goal"], version=1)
    assert CategorySelection.objects.get().codes == ["goal"]
