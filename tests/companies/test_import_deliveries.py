"""import_placements: a row delivered again never undoes what a person has entered since (D42)."""

import io
from contextlib import closing
from datetime import date
from decimal import Decimal

import pytest

from companies.actions import placements
from companies.exchange import COLUMNS, load_placements
from companies.models import Placement
from grants.models import EarnedEvent
from grants.storage.stored_events import differences
from jobfirst.exchange import BadFile, read_table
from tests.companies.factories import WorkplaceFactory
from tests.factories import CourseFactory
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


def test_a_new_value_that_contradicts_a_person_is_listed_and_nothing_is_saved(load) -> None:
    load()
    end()
    assert refused_column(load, ended_on="2016-05-20", ordinary_hours="4") == "ended_on"
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
    assert refused_column(load, ended_on="2016-05-20") == "ended_on"
    assert Placement.objects.get().ended_on == ENDED


def test_a_placement_at_another_workplace_since_is_no_second_one(load) -> None:
    load()
    placement = Placement.objects.get()
    Placement.objects.update(workplace=WorkplaceFactory(company=placement.company, p_number="1007777777"))
    assert load() == {"created": 0, "updated": 0, "unchanged": 1}
    assert Placement.objects.get().p_number == "1007777777"
