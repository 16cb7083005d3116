"""Import of progression answers by command (docs/formats.md): what is stored and refused."""

import datetime
import io

import pytest

from jobfirst.exchange import BadFile, read_table
from progression import exchange
from progression.actions import corrections
from progression.models import Answer, AnswerSheet
from tests.factories import CitizenFactory, CourseFactory, ProjectFactory, cpr

pytestmark = pytest.mark.django_db


@pytest.fixture
def import_answers(run_import):
    return lambda *rows, options=(): run_import(
        "import_progression", exchange.COLUMNS, list(rows), "--format", "json", *options
    )


def row(question="health_felt", value="6", *, day="2016-05-02", by="citizen", questionnaire="progression"):
    return f"{cpr(1)};{day};{questionnaire};{question};{value};{by}"


def test_answers_are_recorded_once(odense_course, import_answers) -> None:
    rows = [row(), row("goal_clear", "0"), row(by="mentor"), row(by="company_contact"), row(day="2016-06-01")]
    assert import_answers(*rows).json == {"created": 5, "unchanged": 0}
    assert import_answers(*rows).json == {"created": 0, "unchanged": 5}
    assert import_answers(row("goal_steps", "3")).json == {"created": 1, "unchanged": 0}
    assert sorted(AnswerSheet.objects.values_list("answered_on", "state")) == [
        (datetime.date(2016, 5, 2), "finished"),
        (datetime.date(2016, 6, 1), "finished"),
    ]


def test_bad_rows_are_listed_by_column_and_nothing_is_saved(odense_course, import_answers) -> None:
    result = import_answers(
        row(),
        row(value="11"),
        row(value=""),
        row("weather"),
        row(questionnaire="annex"),
        row(day="2015-10-01"),
        row(by="leader"),
        row().replace(cpr(1), cpr(2)),
        row(day="2016-04-03"),
    )
    assert (result.code, result.out) == (1, "")
    assert result.errors == [
        "3: value: must be from 0 to 10",
        "4: value: must be filled in",
        "5: question: is not a question of the questionnaire on that day",
        "6: questionnaire: is not the code of a questionnaire",
        "7: questionnaire: is not in force on that day",
        "8: answered_by: must be one of: citizen, mentor, company_contact",
        "9: cpr: the citizen has no course",
        "10: answered_on: The day lies before the course's start.",
    ]
    assert not Answer.objects.exists()


def test_two_answers_to_the_same_question_contradict_each_other(odense_course, import_answers) -> None:
    assert import_answers(row(value="6"), row(value="7")).errors == [
        "3: value: another answer stands in line 2"
    ]


def test_a_stored_answer_is_not_overwritten(odense_course, import_answers) -> None:
    import_answers(row(value="6"))
    assert import_answers(row(value="7")).errors == [
        "2: value: another answer is stored for that day; correct it on the citizen's page"
    ]
    assert Answer.objects.get().value == 6


def test_a_correction_survives_the_same_delivery(odense_course, import_answers) -> None:
    import_answers(row(value="6"))
    corrections.correct_answer(Answer.objects.get(), value=8, correction="Trykket forkert")
    assert import_answers(row(value="6")).json == {"created": 0, "unchanged": 1}
    assert Answer.objects.get().value == 8
    report = import_answers(row(value="5")).json
    assert [(entry["line"], entry["column"]) for entry in report["contradicted"]] == [(2, "value")]
    assert (report["unchanged"], Answer.objects.get().value) == (0, 8)


def test_a_dry_run_saves_nothing(odense_course, import_answers) -> None:
    assert import_answers(row(), options=("--dry-run",)).json == {"created": 1, "unchanged": 0}
    assert not AnswerSheet.objects.exists()


def test_days_ahead_are_bad_data_in_a_real_system_only(
    odense_course, import_answers, settings, time_machine
) -> None:
    time_machine.move_to(datetime.datetime(2016, 4, 10, 12, tzinfo=datetime.UTC))
    settings.JOBFIRST_MODE = "real"
    assert import_answers(row(day="2016-04-11")).errors == ["2: answered_on: The day lies in the future."]
    settings.JOBFIRST_MODE = "rehearsal"
    assert import_answers(row(day="2016-04-11")).code == 0


def read(*rows):
    text = "\n".join([";".join(exchange.COLUMNS), *rows])
    return read_table(io.BytesIO(text.encode()), exchange.COLUMNS)


def test_a_course_elsewhere_is_answered_as_none(odense_course) -> None:
    with pytest.raises(BadFile) as caught:
        exchange.import_progression(read(row()), projects={ProjectFactory().pk})
    assert [error.column for error in caught.value.errors] == ["cpr"]


def test_many_answers_take_few_queries(odense, django_assert_max_num_queries) -> None:
    rows = []
    for number in range(30):
        CourseFactory(project_for=odense, referral__citizen=CitizenFactory(cpr=cpr(number)))
        rows += [row(day=f"2016-{month:02d}-05").replace(cpr(1), cpr(number)) for month in range(5, 12)]
    with django_assert_max_num_queries(26):  # whatever the rows
        exchange.import_progression(read(*rows))
    assert Answer.objects.count() == 210
