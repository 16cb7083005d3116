"""Which internship renews which, by the dates alone (D14, with the rule of D28)."""

import datetime
import itertools

import pytest

from companies.rules.renewals import (
    Internship,
    earliest_renewal,
    follows_directly,
    latest_renewal,
    predecessors,
)
from jobfirst.values.dates import DateSpan
from tests.loops import some


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("last", "first", "direct"),
    [
        ("2016-06-14", "2016-06-15", True),  # Tuesday, Wednesday
        ("2016-06-17", "2016-06-20", True),  # Friday, Monday
        ("2016-06-17", "2016-06-21", False),  # a Monday lost
        ("2016-03-23", "2016-03-29", True),  # over Easter
        ("2016-03-23", "2016-03-30", False),
        ("2016-06-14", "2016-06-14", False),  # overlaps: does not follow
        ("2016-06-14", "2016-06-01", False),
    ],
)
def test_directly_means_without_a_working_day_between(last: str, first: str, direct: bool) -> None:
    assert follows_directly(day(last), day(first)) is direct


def test_a_renewal_may_begin_from_the_next_day_to_the_next_working_day() -> None:
    friday = day("2016-06-17")
    assert (earliest_renewal(friday), latest_renewal(friday)) == (day("2016-06-18"), day("2016-06-20"))
    assert follows_directly(friday, latest_renewal(friday))


def test_links_are_the_same_in_whatever_order_the_internships_come() -> None:
    internships = [
        Internship(1, DateSpan(day("2016-03-01"), day("2016-05-30"))),
        Internship(2, DateSpan(day("2016-05-31"), day("2016-08-26"))),
        Internship(3, DateSpan(day("2016-08-29"), day("2016-11-25"))),
        Internship(4, DateSpan(day("2016-12-01"), day("2016-12-31"))),
        Internship(5, DateSpan(day("2016-03-10"), day("2016-03-11"))),
    ]
    for order in some(itertools.permutations(internships)):
        assert predecessors(order) == {2: 1, 3: 2}


def test_an_internship_is_renewed_once() -> None:
    before = Internship(1, DateSpan(day("2016-03-01"), day("2016-05-30")))
    two = [
        Internship(2, DateSpan(day("2016-05-31"), day("2016-06-30"))),
        Internship(3, DateSpan(day("2016-05-31"), day("2016-07-31"))),
    ]
    assert len(predecessors([before, *two])) == 1
