"""import_placements: two workplaces of one company at once, and courses that have ended (D14, D42)."""

import datetime
from pathlib import Path

import pytest

from cases.models import Course
from companies.exchange import COLUMNS, load_placements
from companies.models import Placement
from jobfirst.exchange import BadFile, read_table
from tests.factories import CourseFactory
from tests.scenarios.placement_files import HEADER, placement_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def course(db) -> Course:
    return CourseFactory()


@pytest.fixture
def load(tmp_path: Path):
    """Import rows from a file."""

    def import_rows(*rows: str):
        file = tmp_path / "placements.csv"
        file.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
        return load_placements(read_table(file, COLUMNS))

    return import_rows


def test_nothing_begins_after_the_course_has_ended(course, load) -> None:
    Course.objects.filter(pk=course.pk).update(ended_on=datetime.date(2016, 5, 10), end_reason="other")
    with pytest.raises(BadFile):
        load(placement_row(course, starts_on="2016-05-11", planned_end_on="2016-05-30"))
    assert not Placement.objects.exists()


def test_a_placement_that_was_there_is_no_error_after_the_course_has_ended(course, load) -> None:
    row = placement_row(course, starts_on="2016-05-11", planned_end_on="2016-05-30")
    load(row)
    Course.objects.filter(pk=course.pk).update(ended_on=datetime.date(2016, 5, 10), end_reason="other")
    assert load(row) == {"created": 0, "updated": 0, "unchanged": 1}


def test_two_workplaces_of_a_company_at_once_are_two_placements(course, load) -> None:
    rows = [placement_row(course, p_number=number) for number in ("1000000001", "1000000002")]
    for _twice in range(2):
        load(*rows)
        numbers = Placement.objects.values_list("workplace__p_number", flat=True)
        assert sorted(numbers) == ["1000000001", "1000000002"]


def test_a_row_without_p_number_beside_one_with_it_is_bad(course, load) -> None:
    with pytest.raises(BadFile):
        load(placement_row(course, p_number="1000000001"), placement_row(course, p_number=""))


def test_a_p_number_that_becomes_known_makes_no_second_placement(course, load) -> None:
    load(placement_row(course, p_number=""))
    load(placement_row(course, p_number="1000000001"))
    assert Placement.objects.get().p_number == "1000000001"
