"""How many persons a company may have in internship or wage subsidy at once (D24)."""

import datetime

import pytest

from companies.rules.reasonableness import Headcount, PlaceCount, PlacementStay, assess
from jobfirst.values.dates import DateSpan

DAY = datetime.date(2016, 5, 2)


def stay(person: int, first: int, last: int | None, workplace: str | None = None) -> PlacementStay:
    days = DateSpan(
        DAY + datetime.timedelta(days=first), None if last is None else DAY + datetime.timedelta(days=last)
    )
    return PlacementStay(person, days, workplace=workplace)


@pytest.mark.parametrize(
    ("employees", "expected"),
    [(0, 1), (1, 1), (4, 1), (5, 1), (9, 1), (10, 2), (49, 9), (50, 10), (59, 10), (60, 11), (250, 30)],
)
def test_one_per_five_up_to_fifty_then_one_per_ten_and_at_least_one(employees: int, expected: int) -> None:
    assert PlaceCount(employees).total == expected


def test_unknown_employees_say_nothing() -> None:
    assessment = assess(Headcount(None), [stay(1, 0, None)], within=DateSpan(DAY))
    assert (assessment.places, assessment.others, assessment.exceeded) == (None, 1, False)


def test_the_worst_day_of_the_placement_decides() -> None:
    one_after_the_other = [stay(1, -10, 3), stay(2, 4, 9), stay(3, 10, None)]
    until = DAY + datetime.timedelta(days=9)
    assert assess(Headcount(10), one_after_the_other, within=DateSpan(DAY, until)).others == 1
    together = [*one_after_the_other, stay(4, 9, 9)]
    worst = assess(Headcount(10), together, within=DateSpan(DAY, until))
    assert (worst.places, worst.others, worst.exceeded) == (2, 2, True)


def test_a_person_with_two_placements_takes_one_place() -> None:
    assert assess(Headcount(5), [stay(1, 0, 20), stay(1, 10, None)], within=DateSpan(DAY)).others == 1


@pytest.mark.parametrize(("first", "last"), [(-20, 0), (10, 30)])
def test_the_first_and_the_last_day_of_a_stay_belong_to_it(first: int, last: int) -> None:
    """A stay that ends on the first day of a new placement takes a place, as one that begins on its last."""
    within = DateSpan(DAY, DAY + datetime.timedelta(days=10))
    assessment = assess(Headcount(5), [stay(1, first, last)], within=within)
    assert (assessment.others, assessment.exceeded) == (1, True)


def test_who_has_left_or_comes_later_takes_none() -> None:
    stays = [stay(1, -20, -1), stay(2, 11, None)]
    assessment = assess(Headcount(5), stays, within=DateSpan(DAY, DAY + datetime.timedelta(days=10)))
    assert (assessment.others, assessment.exceeded) == (0, False)


def test_at_a_workplace_those_there_and_those_of_an_unknown_workplace_count() -> None:
    stays = [stay(1, 0, None, "north"), stay(2, 0, None, "south"), stay(3, 0, None)]
    assert assess(Headcount(15, "north"), stays, within=DateSpan(DAY)).persons == [1, 3]


def test_while_only_the_companys_employees_are_known_all_of_the_company_count() -> None:
    stays = [stay(1, 0, None, "north"), stay(2, 0, None, "south"), stay(3, 0, None)]
    assessment = assess(Headcount(15), stays, within=DateSpan(DAY))
    assert (assessment.persons, assessment.exceeded) == ([1, 2, 3], True)
