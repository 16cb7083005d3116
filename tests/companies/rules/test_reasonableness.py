"""How many persons a company may have in internship or wage subsidy at once (D24)."""

import datetime

import pytest

from companies.rules.reasonableness import PlacementStay, assess, count_places
from jobfirst.dates import DateSpan

DAY = datetime.date(2016, 5, 2)


def stay(person: str, first: int, last: int | None) -> PlacementStay:
    stay = datetime.timedelta(days=1)
    return PlacementStay(person, DateSpan(DAY + first * stay, None if last is None else DAY + last * stay))


@pytest.mark.parametrize(
    ("employees", "expected"),
    [(0, 1), (1, 1), (4, 1), (5, 1), (9, 1), (10, 2), (49, 9), (50, 10), (59, 10), (60, 11), (250, 30)],
)
def test_one_per_five_up_to_fifty_then_one_per_ten_and_at_least_one(employees: int, expected: int) -> None:
    assert count_places(employees) == expected


def test_unknown_employees_say_nothing() -> None:
    assessment = assess(None, [stay("a", 0, None)], within=DateSpan(DAY))
    assert (assessment.places, assessment.others, assessment.exceeded) == (None, 1, False)


def test_the_worst_day_of_the_placement_decides() -> None:
    one_after_the_other = [stay("a", -10, 3), stay("b", 4, 9), stay("c", 10, None)]
    until = DAY + datetime.timedelta(days=9)
    assert assess(10, one_after_the_other, within=DateSpan(DAY, until)).others == 1
    together = [*one_after_the_other, stay("d", 9, 9)]
    worst = assess(10, together, within=DateSpan(DAY, until))
    assert (worst.places, worst.others, worst.exceeded) == (2, 2, True)


def test_a_person_with_two_placements_takes_one_place() -> None:
    assert assess(5, [stay("a", 0, 20), stay("a", 10, None)], within=DateSpan(DAY)).others == 1


def test_who_has_left_or_comes_later_takes_none() -> None:
    stays = [stay("a", -20, -1), stay("b", 11, None)]
    assessment = assess(5, stays, within=DateSpan(DAY, DAY + datetime.timedelta(days=10)))
    assert (assessment.others, assessment.exceeded) == (0, False)
