"""import_placements: a row delivered again never undoes what a person has entered since (D42)."""

import io
import json
import uuid
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cases.actions import end_course
from cases.models import Course
from companies.actions import placements
from companies.actions.withdrawals import withdraw_as_error
from companies.exchange import COLUMNS, load_placements
from companies.models import AttendanceWeek, Match, Placement, PlacementReport
from grants.models import EarnedEvent
from grants.storage.stored_events import differences
from jobfirst.exchange import BadFile, read_table
from reminders import deadlines
from tests.companies.factories import WorkplaceFactory
from tests.factories import CourseFactory, UserFactory, WorkAgreementFactory, cvr
from tests.scenarios.placement_files import HEADER, placement_row

pytestmark = pytest.mark.django_db

TODAY = date(2016, 12, 1)
ENDED = date(2016, 5, 2)


@pytest.fixture
def course(db):
    return CourseFactory()


@pytest.fixture
def load(course):
    """Import one row of the course; return the report."""

    def load_row(**fields):
        text = "\n".join([HEADER, placement_row(course, **fields)])
        with closing(read_table(io.BytesIO(text.encode()), COLUMNS)) as table:
            return load_placements(table)

    return load_row


def refused_column(load, **fields) -> str:
    """Return the column of the only error of a row."""
    with pytest.raises(BadFile) as refusal:
        load(**fields)
    (error,) = refusal.value.errors
    return error.column


def listed_columns(report) -> list[str]:
    """Return the columns that are listed as contradicting a person; the row counts nowhere else."""
    assert (report["created"], report["updated"], report["unchanged"]) == (0, 0, 0)
    return [entry["column"] for entry in report["contradicted"]]


def end(on=ENDED) -> None:
    """A person records the last day."""
    placements.end_placement(Placement.objects.get(), ended_on=on, today=TODAY)


def test_the_same_row_again_leaves_the_last_day_and_what_is_paid(load) -> None:
    load()
    assert EarnedEvent.objects.filter(kind="completion").exists()
    end()
    assert load() == {"created": 0, "updated": 0, "unchanged": 1}
    assert Placement.objects.get().ended_on == ENDED
    assert not EarnedEvent.objects.filter(kind="completion").exists()
    assert differences() == []


def test_the_same_row_again_leaves_other_hours_and_a_planned_end_ahead(load) -> None:
    load()
    placements.change_hours(
        Placement.objects.get(),
        from_on=date(2016, 4, 4),
        internship_hours=Decimal(20),
        ordinary_hours=Decimal(5),
    )
    placements.end_placement(Placement.objects.get(), ended_on=date(2016, 6, 1), today=date(2016, 5, 1))
    load()
    placement = Placement.objects.get()
    assert (placement.internship_hours, placement.planned_end_on) == (Decimal(20), date(2016, 6, 1))


def test_a_new_value_beside_one_of_a_person_is_taken_over(load) -> None:
    load()
    end()
    assert load(ordinary_hours="4")["updated"] == 1
    placement = Placement.objects.get()
    assert (placement.ordinary_hours, placement.ended_on) == (Decimal(4), ENDED)
    assert load(ordinary_hours="4")["unchanged"] == 1


def test_a_row_that_contradicts_a_person_is_listed_and_not_applied(load) -> None:
    load()
    end()
    assert listed_columns(load(ended_on="2016-05-20", ordinary_hours="4")) == ["ended_on"]
    placement = Placement.objects.get()
    assert (placement.ended_on, placement.ordinary_hours) == (ENDED, Decimal("2.5"))


def test_the_last_day_that_a_person_recorded_first_is_one_with_the_file_s(load) -> None:
    load()
    end()
    assert load(ended_on="2016-05-02")["unchanged"] == 1
    assert load(ended_on="2016-05-09")["updated"] == 1
    assert Placement.objects.get().ended_on == date(2016, 5, 9)


def test_the_first_file_never_takes_back_a_last_day(load) -> None:
    load()
    end()
    Placement.objects.update(delivered=None)
    assert load()["unchanged"] == 1
    Placement.objects.update(delivered=None)
    assert listed_columns(load(ended_on="2016-05-20")) == ["ended_on"]
    assert Placement.objects.get().ended_on == ENDED


def test_a_placement_at_another_workplace_since_is_no_second_one(load) -> None:
    load()
    placement = Placement.objects.get()
    Placement.objects.update(workplace=WorkplaceFactory(company=placement.company, p_number="1007777777"))
    assert load() == {"created": 0, "updated": 0, "unchanged": 1}
    assert Placement.objects.get().p_number == "1007777777"


def test_a_planned_placement_that_a_person_removed_does_not_return(load, course) -> None:
    load()
    placements.withdraw_placement(Placement.objects.get(), today=date(2016, 4, 1))
    assert load() == {"created": 0, "updated": 0, "unchanged": 1}
    assert listed_columns(load(ordinary_hours="4")) == ["starts_on"]
    assert not Placement.everything.exists()


def test_a_corrected_first_day_without_a_source_id_names_the_placement_it_overlaps(load) -> None:
    load()
    with pytest.raises(BadFile) as refusal:
        load(starts_on="2016-04-18", planned_end_on="2016-07-17")
    (error,) = refusal.value.errors
    assert (error.line, error.column) == (2, "starts_on")
    assert "2016-04-04" in error.message
    assert "2016-07-03" in error.message


def test_with_a_source_id_other_days_company_and_kind_correct_the_same_placement(load) -> None:
    deadlines.recompute()
    load(source_id="A7")
    assert EarnedEvent.objects.filter(kind="completion").exists()
    corrected = {"starts_on": "2016-04-18", "planned_end_on": "2016-07-17", "ended_on": "2016-07-10"}
    assert load(source_id="A7", **corrected) == {"created": 0, "updated": 1, "unchanged": 0}
    placement = Placement.objects.get()
    assert (placement.starts_on, placement.ended_on) == (date(2016, 4, 18), date(2016, 7, 10))
    assert placement.match.matched_on == date(2016, 4, 18)
    assert placement.course.internship_from == date(2016, 4, 18)
    assert not EarnedEvent.objects.filter(kind="completion").exists()
    load(source_id="A7", **corrected, cvr=cvr(2), company="Lageret")
    placement = Placement.objects.get()
    assert (placement.company.cvr, placement.match.company.cvr) == (cvr(2), cvr(2))
    assert [match.company.cvr for match in Match.objects.all()] == [cvr(2)]
    load(source_id="A7", **corrected, cvr=cvr(2), company="Lageret", kind="wage_subsidy")
    placement = Placement.objects.get()
    assert (placement.kind, placement.match) == ("wage_subsidy", None)
    placement.course.refresh_from_db()
    assert placement.course.internship_from is None
    assert differences() == []
    assert list(deadlines.described_differences()) == []


EXCHANGED = {
    "A7": {"starts_on": "2016-04-04", "planned_end_on": "2016-05-08"},
    "A8": {"starts_on": "2016-05-09", "planned_end_on": "2016-07-03"},
}


def load_rows(course, days_by_id) -> dict:
    """Import a file with a row for each `source_id`."""
    rows = [placement_row(course, source_id=name, **days) for name, days in days_by_id.items()]
    with closing(read_table(io.BytesIO("\n".join([HEADER, *rows]).encode()), COLUMNS)) as table:
        return load_placements(table)


def first_days() -> dict[str, date]:
    return {row.delivered["source_id"]: row.starts_on for row in Placement.objects.all()}


def test_two_placements_exchange_their_days_in_one_file(course) -> None:
    deadlines.recompute()
    load_rows(course, EXCHANGED)
    report = load_rows(course, {"A7": EXCHANGED["A8"], "A8": EXCHANGED["A7"]})
    assert report["updated"] == 2
    assert first_days() == {"A7": date(2016, 5, 9), "A8": date(2016, 4, 4)}
    assert differences() == []
    assert list(deadlines.described_differences()) == []


def test_a_new_placement_takes_the_days_that_another_one_leaves_in_the_same_file(course) -> None:
    load_rows(course, {"A7": EXCHANGED["A7"]})
    load_rows(course, {"A8": EXCHANGED["A7"], "A7": EXCHANGED["A8"]})
    assert first_days() == {"A8": date(2016, 4, 4), "A7": date(2016, 5, 9)}


def test_the_database_takes_no_two_placements_from_one_day(course, load) -> None:
    load()
    placement = Placement.objects.get()
    placement.pk = None
    placement.public_id = uuid.uuid4()
    with pytest.raises(IntegrityError, match="companies_placement_once"), transaction.atomic():
        placement.save(force_insert=True)
    with pytest.raises(ValidationError):
        placement.validate_constraints()


def test_the_history_says_that_a_correction_was_delivered(load) -> None:
    load(source_id="A7")
    load(source_id="A7", starts_on="2016-04-18", planned_end_on="2016-07-17")
    reasons = Placement.events.rel.related_model.objects.values_list(
        "pgh_context__metadata__reason", flat=True
    )
    assert "delivered" in list(reasons)


def test_a_source_id_is_taken_on_by_the_placement_that_the_row_is(load) -> None:
    load()
    load(source_id="A7")
    load()  # a file without the column says nothing of it
    assert load(source_id="A7", starts_on="2016-04-11")["updated"] == 1
    assert Placement.objects.get().starts_on == date(2016, 4, 11)


def test_a_first_day_that_a_person_corrected_stays(load) -> None:
    load(source_id="A7")
    Placement.objects.update(starts_on=date(2016, 4, 11))
    assert load(source_id="A7")["unchanged"] == 1
    assert load()["unchanged"] == 1
    assert Placement.objects.get().starts_on == date(2016, 4, 11)
    assert listed_columns(load(source_id="A7", starts_on="2016-04-18")) == ["starts_on"]


def test_a_withdrawn_placement_is_known_by_its_source_id(load) -> None:
    load(source_id="A7")
    placements.withdraw_as_error(Placement.objects.get(), reason="Forkert borger", by=UserFactory())
    assert load(source_id="A7")["unchanged"] == 1
    assert listed_columns(load(source_id="A7", starts_on="2016-04-18")) == ["starts_on"]
    assert not Placement.objects.exists()


def test_what_is_signed_is_not_moved_by_a_file(load) -> None:
    load(source_id="A7")
    placement = Placement.objects.get()
    WorkAgreementFactory(placement=placement, state="signed")
    assert refused_column(load, source_id="A7", starts_on="2016-04-18") == "starts_on"
    assert refused_column(load, source_id="A7", cvr=cvr(2), company="Lageret") == "cvr"
    assert load(source_id="A7", ended_on="2016-06-01")["updated"] == 1


def test_attendance_before_the_corrected_first_day_stands_against_it(load) -> None:
    load(source_id="A7")
    AttendanceWeek.objects.create(placement=Placement.objects.get(), monday=date(2016, 4, 11), present=5)
    assert refused_column(load, source_id="A7", starts_on="2016-04-18") == "starts_on"
    assert (
        refused_column(load, source_id="A7", starts_on="2016-04-14") == "starts_on"
    )  # five days need Wednesday
    assert load(source_id="A7", starts_on="2016-04-13")["updated"] == 1


def test_a_report_that_waits_before_the_corrected_first_day_stands_against_it(load) -> None:
    load(source_id="A7")
    PlacementReport.objects.create(
        placement=Placement.objects.get(),
        kind="early_stop",
        last_on=date(2016, 4, 15),
        reported_on=date(2016, 4, 14),
        reported_by_name="Karla Kontakt",
    )
    assert refused_column(load, source_id="A7", starts_on="2016-04-18") == "starts_on"
    assert load(source_id="A7", starts_on="2016-04-11")["updated"] == 1


def test_a_corrected_first_day_after_the_end_of_the_course_is_bad_data(load, course) -> None:
    load(source_id="A7")
    Course.objects.update(ended_on=date(2016, 6, 1), end_reason="died")
    later = {"starts_on": "2016-06-02", "planned_end_on": "2016-07-10"}
    assert refused_column(load, source_id="A7", **later) == "starts_on"


def test_one_source_id_names_one_row_and_one_citizen(load, course) -> None:
    load(source_id="A7")
    other = CourseFactory(project_for=course.project)
    text = "\n".join(
        [
            HEADER,
            placement_row(other, source_id="A7"),
            placement_row(course, source_id="B1", starts_on="2016-09-01", planned_end_on="2016-10-01"),
            placement_row(course, source_id="B1", starts_on="2016-11-01", planned_end_on="2016-12-01"),
        ]
    )
    with closing(read_table(io.BytesIO(text.encode()), COLUMNS)) as table, pytest.raises(BadFile) as refusal:
        load_placements(table)
    assert [(error.line, error.column) for error in refusal.value.errors] == [
        (2, "source_id"),
        (4, "source_id"),
    ]


def test_a_source_id_that_holds_the_cpr_number_is_refused(load, course) -> None:
    number = course.citizen.cpr
    assert refused_column(load, source_id=f"{number[:6]}-{number[6:]}/1") == "source_id"


def test_two_placements_may_change_their_order_in_one_file(load, course) -> None:
    rows = [("A1", "2016-04-04", "2016-05-01"), ("A2", "2016-05-09", "2016-06-05")]
    for source_id, starts_on, planned_end_on in rows:
        load(source_id=source_id, starts_on=starts_on, planned_end_on=planned_end_on)
    moved = [("A1", "2016-05-16", "2016-06-12"), ("A2", "2016-04-11", "2016-05-08")]
    text = [placement_row(course, source_id=i, starts_on=s, planned_end_on=e) for i, s, e in moved]
    with closing(read_table(io.BytesIO("\n".join([HEADER, *text]).encode()), COLUMNS)) as table:
        assert load_placements(table)["updated"] == 2


def test_the_command_lists_contradictions_in_text_and_json(course, tmp_path, capsys) -> None:
    path = tmp_path / "placements.csv"
    path.write_text("\n".join([HEADER, placement_row(course)]))
    call_command("import_placements", str(path))
    end()
    path.write_text("\n".join([HEADER, placement_row(course, ended_on="2016-05-20")]))
    capsys.readouterr()
    call_command("import_placements", str(path))
    assert "line 2: ended_on: somebody has entered another value" in capsys.readouterr().out
    call_command("import_placements", str(path), format="json")
    (entry,) = json.loads(capsys.readouterr().out)["contradicted"]
    assert (entry["line"], entry["column"]) == (2, "ended_on")


def test_a_file_may_leave_the_source_id_out(course) -> None:
    header, row = HEADER.removesuffix(";source_id"), placement_row(course).removesuffix(";")
    with closing(read_table(io.BytesIO(f"{header}\n{row}".encode()), COLUMNS)) as table:
        assert load_placements(table)["created"] == 1
    with closing(read_table(io.BytesIO(f"{header}\n{row};A7".encode()), COLUMNS)) as table:
        assert [(error.line, error.column) for error in table.errors] == [(2, "ordinary_hours")]


def test_a_first_day_after_the_last_day_that_a_person_recorded_is_listed(load) -> None:
    load(source_id="A7")
    end()
    assert listed_columns(load(source_id="A7", starts_on="2016-05-10")) == ["starts_on"]
    assert Placement.objects.get().starts_on == date(2016, 4, 4)


def test_an_internship_does_not_become_too_long_by_half_a_file_and_half_a_person(load) -> None:
    load(source_id="A7", starts_on="2016-05-02")
    Placement.objects.update(planned_end_on=date(2016, 7, 31))
    assert listed_columns(load(source_id="A7", starts_on="2016-04-04")) == ["starts_on"]


@pytest.mark.parametrize("last_day", ["", "2016-06-30"])
def test_a_placement_first_delivered_after_a_death_does_not_run_on(load, course, last_day) -> None:
    end_course(course, ended_on=ENDED, reason="died")
    assert listed_columns(load(ended_on=last_day)) == ["ended_on"]
    assert load(ended_on="2016-05-01")["created"] == 1


def test_an_older_file_does_not_bring_a_withdrawn_placement_back(load) -> None:
    load()
    Placement.objects.update(starts_on=date(2016, 4, 18))
    load(starts_on="2016-04-18")  # the source follows the person
    withdraw_as_error(Placement.objects.get(), reason="Fejl", by=UserFactory())
    assert load() == {"created": 0, "updated": 0, "unchanged": 1}
    assert not Placement.objects.exists()
