"""Which company a company is on a day, when others take it over."""

from datetime import date

import pytest

from companies.rules.succession import CompanyLine, TakeOver, company_lines
from jobfirst.values.dates import DateSpan

FIRST, SECOND = date(2016, 5, 2), date(2016, 8, 1)
LINES = company_lines({"A": TakeOver(FIRST, "B"), "B": TakeOver(SECOND, "C"), "D": TakeOver(SECOND, "C")})


@pytest.mark.parametrize(
    ("company", "day", "expected"),
    [
        ("A", date(2016, 5, 1), "A"),
        ("A", FIRST, "B"),
        ("A", date(2016, 7, 31), "B"),
        ("A", SECOND, "C"),
        ("B", FIRST, "B"),
        ("D", date(2099, 1, 1), "C"),
    ],
)
def test_a_company_is_its_successor_from_the_day_on(company, day, expected):
    assert LINES[company].company_on(day) == expected


@pytest.mark.parametrize(
    ("company", "other", "expected"),
    [
        (LINES["A"], LINES["A"], date.min),
        (LINES["A"], LINES["B"], FIRST),
        (LINES["B"], LINES["A"], FIRST),
        (LINES["A"], LINES["D"], SECOND),
        (LINES["A"], CompanyLine("C"), SECOND),
        (LINES["A"], CompanyLine("E"), None),
    ],
)
def test_two_lines_meet_on_a_day(company, other, expected):
    assert company.shared_from(other) == expected


def test_a_chain_that_bites_its_tail_ends():
    """The database refuses it; the rule must end all the same."""
    lines = company_lines({"A": TakeOver(FIRST, "B"), "B": TakeOver(FIRST, "A")})
    assert [line.last_company for line in lines.values()] == ["B", "A"]


@pytest.mark.parametrize(
    ("company", "expected"),
    [
        ("A", DateSpan(date(2016, 4, 1), date(2016, 5, 1))),
        ("B", DateSpan(FIRST, date(2016, 7, 31))),
        ("C", DateSpan(SECOND)),
    ],
)
def test_the_days_of_a_placement_are_shared_among_the_companies_of_a_line(company, expected):
    assert LINES["A"].days_at(company, DateSpan(date(2016, 4, 1))) == expected


def test_a_placement_has_no_days_at_a_company_outside_the_line():
    assert LINES["A"].days_at("D", DateSpan(FIRST)).is_empty
