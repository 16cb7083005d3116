"""import_placements (docs/formats.md): what is saved and refused, and that a bad file saves nothing."""

import datetime
import json
import threading
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from accounts.models import TrialTerms
from cases.models import Course
from companies.actions import placements
from companies.exchange import COLUMNS, load_placements
from companies.models import Company, Match, Placement
from jobfirst.exchange import BadFile, read_table
from tests.factories import (
    DRAWN_ON,
    CompanyFactory,
    CourseFactory,
    MatchFactory,
    PlacementFactory,
    ReferralFactory,
    UserFactory,
    cvr,
)
from tests.scenarios.placement_files import HEADER, placement_row

pytestmark = pytest.mark.django_db

LATE_TERMS = datetime.date(2016, 10, 1)


@pytest.fixture
def course(db) -> Course:
    return CourseFactory()


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """Import rows; return the report, or the error lines when the file was refused."""

    def import_rows(*rows: str, **options: object) -> dict[str, int] | list[str]:
        file = tmp_path / "placements.csv"
        file.write_text("\n".join([HEADER, *rows]), encoding="utf-8-sig")
        capsys.readouterr()
        try:
            call_command("import_placements", str(file), format="json", **options)
        except SystemExit:
            captured = capsys.readouterr()
            assert captured.out == ""
            assert captured.err
            return [line.removeprefix(f"{file}:") for line in captured.err.splitlines()]
        return json.loads(capsys.readouterr().out)

    return import_rows


def test_a_new_placement_is_made_with_its_company_and_match(course, run) -> None:
    assert run(placement_row(course)) == {"created": 1, "updated": 0, "unchanged": 0}
    placement = Placement.objects.get()
    assert (placement.course, placement.kind, placement.p_number) == (course, "internship", "1001234567")
    assert (placement.internship_hours, placement.ordinary_hours) == (Decimal("15.00"), Decimal("2.50"))
    assert (placement.company.cvr, placement.company.name) == (cvr(1), "Bageren ApS")
    assert placement.match.matched_on == DRAWN_ON
    course.refresh_from_db()
    assert (course.internship_from, course.continued_from) == (DRAWN_ON, datetime.date(2016, 7, 4))
    assert course.retention_until == datetime.date(2016, 7, 3)


def test_the_same_file_twice_changes_nothing(course, run) -> None:
    rows = [
        placement_row(course),
        placement_row(course, starts_on="2016-07-04", planned_end_on="2016-10-02"),
        placement_row(course, kind="flex_job", cvr=cvr(2), company="Lageret", planned_end_on=""),
        placement_row(course, kind="sniffing", cvr=cvr(2), company="Lageret A/S"),
    ]
    assert run(*rows) == {"created": 4, "updated": 0, "unchanged": 0}

    def stored_rows() -> list[list[tuple]]:
        return [
            list(model.objects.order_by("pk").values_list()) for model in (Placement, Company, Match, Course)
        ]

    stored_before = stored_rows()
    assert run(*rows) == {"created": 0, "updated": 0, "unchanged": 4}
    assert stored_rows() == stored_before


def test_a_row_with_other_values_is_a_change(course, run) -> None:
    run(placement_row(course))
    changed = placement_row(course, ended_on="2016-05-31", internship_hours="10.25", p_number="")
    assert run(changed) == {"created": 0, "updated": 1, "unchanged": 0}
    placement = Placement.objects.get()
    assert (placement.ended_on, placement.internship_hours) == (datetime.date(2016, 5, 31), Decimal("10.25"))
    assert (placement.p_number, placement.version) == ("", 2)
    assert run(placement_row(course)) == {"created": 0, "updated": 1, "unchanged": 0}
    placement.refresh_from_db()
    assert placement.ended_on is None


def test_a_renamed_company_gets_its_new_name_and_keeps_its_placements(course, run) -> None:
    run(placement_row(course))
    assert run(placement_row(course, company="Bageren og Sønner")) == {
        "created": 0,
        "updated": 1,
        "unchanged": 0,
    }
    assert Company.objects.get().name == "Bageren og Sønner"
    assert Placement.objects.count() == 1


def test_an_internship_may_have_ended_later_than_planned_and_begun_before_the_draw(course, run) -> None:
    early = placement_row(course, starts_on="2016-02-01", planned_end_on="2016-05-01", ended_on="2016-05-13")
    assert run(early) == {"created": 1, "updated": 0, "unchanged": 0}
    course.refresh_from_db()
    assert course.internship_from == DRAWN_ON
    assert Match.objects.get().matched_on == DRAWN_ON


def test_what_was_over_before_the_draw_opens_no_phase(course, run) -> None:
    run(placement_row(course, starts_on="2016-01-01", planned_end_on="2016-02-01", ended_on="2016-02-01"))
    course.refresh_from_db()
    assert course.internship_from is None


def test_an_earlier_internship_imported_later_moves_the_dates(course, run) -> None:
    run(placement_row(course, starts_on="2016-06-01", planned_end_on="2016-08-30"))
    run(placement_row(course, starts_on="2016-05-02", planned_end_on="2016-05-27"))
    course.refresh_from_db()
    assert course.internship_from == datetime.date(2016, 5, 2)
    assert course.retention_until == datetime.date(2016, 8, 1)
    assert Match.objects.get().matched_on == datetime.date(2016, 5, 2)


def test_a_match_that_a_person_recorded_stands(course, run) -> None:
    match = MatchFactory(
        course=course,
        company=CompanyFactory(cvr=cvr(1)),
        matched_on=datetime.date(2016, 4, 20),
        registered_by=UserFactory(),
    )
    run(placement_row(course))
    match.refresh_from_db()
    assert match.matched_on == datetime.date(2016, 4, 20)
    assert Placement.objects.get().match == match


def test_renewals_are_linked_whatever_comes_first(course, run) -> None:
    first = placement_row(course, planned_end_on="2016-06-30")
    over_a_weekend = placement_row(
        course, starts_on="2016-07-04", planned_end_on="2016-10-02", ended_on="2016-09-30"
    )
    third = placement_row(course, starts_on="2016-10-03", planned_end_on="2017-01-01")
    elsewhere = placement_row(course, cvr=cvr(2), starts_on="2016-10-03", planned_end_on="2017-01-01")
    run(third, elsewhere)
    run(over_a_weekend)
    run(first)  # a Friday is lost before the second
    links = {
        placement.starts_on.month: placement.renews
        for placement in Placement.objects.filter(company__cvr=cvr(1))
    }
    assert {month: renewed and renewed.starts_on.month for month, renewed in links.items()} == {
        4: None,
        7: None,
        10: 7,
    }
    run(placement_row(course, planned_end_on="2016-07-03"))
    assert Placement.objects.get(starts_on="2016-07-04").renews.starts_on == DRAWN_ON
    assert Placement.objects.get(company__cvr=cvr(2)).renews is None


BAD = [
    ({"cpr": ""}, "cpr: must be filled in"),
    ({"cpr": "170570-12"}, "cpr: must be ten digits, DDMMYYSSSS, with or without a hyphen"),
    ({"cpr": "3202701234"}, "cpr: the first six digits are not a birth date"),
    ({"cvr": "12345678"}, "cvr: is not a CVR number (8 digits with a valid check digit)"),
    ({"cvr": ""}, "cvr: must be filled in"),
    ({"company": " "}, "company: must be filled in"),
    ({"company": "x" * 151}, "company: is longer than 150 characters"),
    ({"p_number": "123"}, "p_number: is not a P-number (10 digits)"),
    (
        {"kind": "praktik"},
        "kind: must be one of: sniffing, internship, wage_subsidy, ordinary_employment, flex_job",
    ),
    ({"kind": ""}, "kind: must be filled in"),
    ({"starts_on": "4/4/2016"}, "starts_on: must be a date written as 2016-03-01"),
    ({"starts_on": ""}, "starts_on: must be filled in"),
    ({"planned_end_on": "2016-02-30"}, "planned_end_on: must be a date written as 2016-03-01"),
    ({"planned_end_on": "2016-04-03"}, "planned_end_on: the planned end must not be before the start"),
    (
        {"planned_end_on": "2016-07-04"},
        "planned_end_on: an internship is agreed for at most 91 days at a time",
    ),
    (
        {"planned_end_on": ""},
        "planned_end_on: must be filled in; only employment may have no planned end",
    ),
    (
        {"planned_end_on": "", "kind": "wage_subsidy"},
        "planned_end_on: must be filled in; only employment may have no planned end",
    ),
    ({"ended_on": "2016-04-03"}, "ended_on: the last day must not be before the start"),
    ({"ended_on": "snart"}, "ended_on: must be a date written as 2016-03-01"),
    ({"internship_hours": "-1"}, "internship_hours: must be from 0 to 60"),
    ({"internship_hours": "60.5"}, "internship_hours: must be from 0 to 60"),
    ({"ordinary_hours": "mange"}, "ordinary_hours: must be a number such as 7.5"),
    ({"ordinary_hours": "1.255"}, "ordinary_hours: has more than 2 decimals"),
    ({"ordinary_hours": ""}, "ordinary_hours: must be filled in"),
]


@pytest.mark.parametrize(("fields", "message"), BAD)
def test_a_bad_row_is_named_by_line_and_column_and_nothing_is_saved(course, run, fields, message) -> None:
    assert run(placement_row(course, kind="sniffing"), placement_row(course, **fields)) == [f"3: {message}"]
    assert not Placement.objects.exists()
    assert not Company.objects.exists()


def test_every_bad_row_and_every_bad_column_is_named(course, run) -> None:
    errors = run(
        placement_row(course, cvr="1", kind="x"),
        placement_row(course),
        placement_row(course, starts_on="x", ended_on="y"),
    )
    assert [error.split(":")[:2] for error in errors] == [
        ["2", " cvr"],
        ["2", " kind"],
        ["4", " ended_on"],
        ["4", " starts_on"],
    ]


def test_citizens_without_a_course_are_answered_alike(course, run) -> None:
    refused = ReferralFactory(state="refused", reasons=["under_30"])
    not_drawn = ReferralFactory()
    numbers = ["0101701234", refused.citizen.cpr, not_drawn.citizen.cpr]
    errors = run(placement_row(course), *(placement_row(None, cpr=number) for number in numbers))
    assert errors == [f"{line}: cpr: the citizen has no course" for line in (3, 4, 5)]
    assert not any(number in "".join(errors) for number in numbers)
    assert not Placement.objects.exists()


def test_a_row_can_be_wrong_and_about_nobody(run) -> None:
    assert run(placement_row(None, cpr="0101701234", cvr="1")) == [
        "2: cpr: the citizen has no course",
        "2: cvr: is not a CVR number (8 digits with a valid check digit)",
    ]


def test_a_placement_may_stand_once_in_a_file(course, run) -> None:
    hyphen = f"{course.citizen.cpr[:6]}-{course.citizen.cpr[6:]}"
    errors = run(placement_row(course), placement_row(course, cpr=hyphen, ended_on="2016-05-01"))
    assert errors == ["3: cpr: this placement is already on line 2"]


def test_a_dry_run_saves_nothing(course, run) -> None:
    assert run(placement_row(course), dry_run=True) == {"created": 1, "updated": 0, "unchanged": 0}
    assert not Placement.objects.exists()
    course.refresh_from_db()
    assert course.internship_from is None


def test_terms_of_the_day_decide_how_long_an_internship_may_be(course, run) -> None:
    TrialTerms.objects.create(valid_from=LATE_TERMS, internship_max_days=30)
    assert run(placement_row(course, starts_on="2016-10-03", planned_end_on="2016-11-02")) == [
        "2: planned_end_on: an internship is agreed for at most 30 days at a time"
    ]
    assert run(placement_row(course, starts_on="2016-09-30", planned_end_on="2016-11-02"))["created"] == 1


def test_a_workbook_is_read_like_a_text_file(course, tmp_path, capsys) -> None:
    book = Workbook()
    book.active.append(list(COLUMNS))
    first, last = datetime.date(2016, 4, 4), datetime.date(2016, 7, 3)
    book.active.append(
        [course.citizen.cpr, cvr(1), "Bageren", None, "internship", first, last, None, 15, 2.5]
    )
    book.save(tmp_path / "placements.xlsx")
    call_command("import_placements", str(tmp_path / "placements.xlsx"), format="json")
    assert json.loads(capsys.readouterr().out)["created"] == 1
    assert Placement.objects.get().ordinary_hours == Decimal("2.50")


def test_an_upload_reaches_only_the_courses_it_may(course, tmp_path) -> None:
    foreign_course = CourseFactory()
    file = tmp_path / "placements.csv"
    file.write_text(
        "\n".join([HEADER, placement_row(course), placement_row(foreign_course)]), encoding="utf-8"
    )
    table = read_table(file, COLUMNS)
    with pytest.raises(BadFile) as caught:
        load_placements(table, Course.objects.filter(pk=course.pk))
    assert [(error.line, error.column) for error in caught.value.errors] == [(3, "cpr")]


def test_queries_do_not_grow_with_the_rows(tmp_path) -> None:
    def queries(number: int) -> int:
        # Ended on its first day: with the imported placement every course earns a completion.
        courses = [PlacementFactory(ended_on=DRAWN_ON).course for _ in range(number)]
        file = tmp_path / f"{number}.csv"
        rows = [placement_row(course, cvr=cvr(100 * number + place)) for place, course in enumerate(courses)]
        file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        with CaptureQueriesContext(connection) as captured:
            load_placements(read_table(file, COLUMNS))
        return len(captured)

    assert queries(12) == queries(3)


def test_a_bad_file_ends_with_exit_code_one(course, tmp_path) -> None:
    file = tmp_path / "placements.csv"
    file.write_text("\n".join([HEADER, placement_row(course, kind="x")]), encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        call_command("import_placements", str(file))
    assert caught.value.code == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_each_placement_once(tmp_path) -> None:
    courses = [CourseFactory() for _number in range(5)]
    file = tmp_path / "placements.csv"
    rows = [placement_row(course, cvr=cvr(number)) for number, course in enumerate(courses)]
    file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    barrier = threading.Barrier(2)
    reports: list[dict[str, int]] = []

    def load() -> None:
        table = read_table(file, COLUMNS)
        barrier.wait()
        try:
            reports.append(load_placements(table))
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report["created"] for report in reports) == [0, 5]
    assert Placement.objects.count() == Match.objects.count() == Company.objects.count() == 5


def test_in_a_real_system_nobody_was_present_in_the_future(course, run, settings, monkeypatch) -> None:
    slip = placement_row(course, kind="flex_job", planned_end_on="", ended_on="2061-07-03")
    assert run(slip, dry_run=True) == {"created": 1, "updated": 0, "unchanged": 0}
    monkeypatch.setattr("jobfirst.mode.is_rehearsal", lambda: False)
    assert run(slip) == ["2: ended_on: the last day present lies in the future"]
    assert not Placement.objects.exists()


def test_a_withdrawn_placement_stays_withdrawn_when_the_file_comes_again(course, run) -> None:
    run(placement_row(course))
    placements.withdraw_as_error(Placement.objects.get(), reason="Kom aldrig", by=UserFactory())
    assert run(placement_row(course)) == {"created": 0, "updated": 0, "unchanged": 1}
    assert not Placement.objects.exists()
    course.refresh_from_db()
    assert course.internship_from is None


def test_a_row_that_says_otherwise_than_what_was_withdrawn_is_listed(course, run) -> None:
    run(placement_row(course))
    placements.withdraw_as_error(Placement.objects.get(), reason="Kom aldrig", by=UserFactory())
    report = run(
        placement_row(course, ended_on="2016-05-01"), placement_row(course, cvr=cvr(2), company="Ny ApS")
    )
    (entry,) = report["contradicted"]
    assert (entry["line"], entry["column"]) == (2, "starts_on")
    assert entry["message"].startswith("this placement was withdrawn")
    assert "Kom aldrig" not in str(entry)
    assert course.citizen.cpr not in str(entry)
    assert (report["created"], Placement.objects.get().company.cvr) == (1, cvr(2))


def test_a_withdrawn_placement_registered_again_follows_the_file(course, run) -> None:
    run(placement_row(course))
    wrong = Placement.objects.get()
    placements.withdraw_as_error(wrong, reason="x", by=UserFactory())
    placement = placements.start_placement(
        course,
        wrong.company,
        kind="internship",
        starts_on=wrong.starts_on,
        planned_end_on=wrong.planned_end_on,
    )
    assert run(placement_row(course, ended_on="2016-05-01"))["updated"] == 1
    placement.refresh_from_db()
    assert placement.ended_on == datetime.date(2016, 5, 1)
