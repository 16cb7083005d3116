"""What is settled by example: weekends, holes, changing terms, many spells (D26-D28)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from grants.rules.settlement import settle
from grants.rules.values import GrantEventKind
from jobfirst.values.dates import DAY
from tests.grants.second_reckoning import second_reckoning
from tests.scenarios.entitlement_examples import TERMS, WINDOW, B, spell

CUT_OFF = WINDOW.cut_off
FRIDAY, SATURDAY, MONDAY = date(2016, 4, 8), date(2016, 4, 9), date(2016, 4, 11)
MONDAY_BEFORE = date(2016, 4, 4)


def earned(spells, rows=(TERMS,), window=WINDOW):
    """Return the days of start and completion; None for one that is not earned."""
    days = {item.event.kind: item.event.on for item in settle(spells, window, rows)}
    return days.get(GrantEventKind.START), days.get(GrantEventKind.COMPLETION)


@pytest.mark.parametrize(
    ("second", "completed_on"),
    [
        (MONDAY, date(2016, 7, 3)),  # from Friday to Monday: the weekend counts
        (MONDAY + DAY, None),  # a Monday lost
    ],
)
def test_a_weekend_is_bridged_and_a_monday_is_not(second, completed_on):
    spells = [spell(MONDAY_BEFORE, FRIDAY), spell(second, date(2016, 7, 5))]
    assert earned(spells) == (MONDAY_BEFORE, completed_on)


def test_a_run_that_ends_on_the_friday_before_its_91st_day_is_not_complete():
    assert earned([spell(MONDAY_BEFORE, date(2016, 7, 1))])[1] is None  # 89 days, then a weekend


FIRST = spell(MONDAY_BEFORE, date(2016, 7, 1))


@pytest.mark.parametrize(
    ("spells", "settled"),
    [
        ([FIRST], None),
        ([FIRST, spell(date(2016, 7, 4), date(2016, 7, 4))], (date(2016, 7, 2), date(2016, 7, 4))),
        ([FIRST, spell(date(2016, 7, 4), date(2016, 7, 4), company=B)], None),
        ([spell(MONDAY_BEFORE, date(2016, 7, 2))], (date(2016, 7, 2), date(2016, 7, 2))),
    ],
)
def test_a_completion_in_the_days_off_after_the_last_spell_is_one_only_when_the_run_goes_on(spells, settled):
    """The 90th day is a Saturday: known when the spell after the weekend is there, on that Saturday."""
    completion = settle(spells, WINDOW, [replace(TERMS, completion_days=90)])[1:]
    assert [(item.event.on, item.settled_on) for item in completion] == ([settled] if settled else [])


def test_a_hole_that_the_allocation_falls_in_counts_from_the_next_spell():
    """Allocated on the Saturday of a bridged weekend: what came before is cut off, the weekend too."""
    spells = [spell(MONDAY_BEFORE, FRIDAY), spell(MONDAY, date(2016, 7, 10))]
    window = replace(WINDOW, allocated_on=SATURDAY)
    assert earned(spells, window=window) == (MONDAY, date(2016, 7, 10))


def test_terms_that_begin_in_a_hole_complete_no_run_before_its_next_spell():
    """In force from the Saturday of a bridged weekend, the run long enough by then: the Monday earns both."""
    rows = [replace(TERMS, valid_from=SATURDAY, completion_days=3)]
    assert earned([spell(MONDAY_BEFORE, FRIDAY), spell(MONDAY, date(2016, 4, 20))], rows) == (MONDAY, MONDAY)


def test_a_run_long_enough_under_terms_without_a_day_that_counts_completes_under_the_next():
    """Terms for one weekend in a hole, then others that ask for more days."""
    rows = [
        replace(TERMS, valid_from=SATURDAY, completion_days=3),
        replace(TERMS, valid_from=MONDAY, completion_days=10),
    ]
    spells = [spell(MONDAY_BEFORE, FRIDAY), spell(MONDAY, date(2016, 4, 20))]
    assert earned(spells, rows)[1] == date(2016, 4, 13)
    assert_second_reckoning_agrees(spells, rows)


def assert_second_reckoning_agrees(spells, rows):
    settled = [
        (item.event.kind.value, item.event.on, item.event.amount) for item in settle(spells, WINDOW, rows)
    ]
    assert settled == second_reckoning(spells, WINDOW, rows)


EARLY, LATE = MONDAY_BEFORE, date(2016, 6, 1)  # from when the first and the second terms hold


@pytest.mark.parametrize(
    ("spells", "changed"),
    [
        # Exactly 91 days, then another spell much later.
        ([spell(EARLY, planned=date(2016, 7, 3)), spell(CUT_OFF, planned=CUT_OFF)], {}),
        # One day fewer: ended before it was planned to.
        ([spell(EARLY, date(2016, 7, 2), planned=date(2016, 9, 3))], {}),
        # The weekend before the second spell is bridged by the first terms only.
        (
            [spell(EARLY, planned=date(2016, 6, 3)), spell(date(2016, 6, 6), planned=CUT_OFF)],
            {"bridge_non_working_days": False},
        ),
        # The kind counts under the first terms only, though it begins under the second; and the reverse.
        ([spell(LATE, planned=CUT_OFF)], {"counting_kinds": frozenset({"wage_subsidy"})}),
        ([spell(EARLY, planned=CUT_OFF, kind="sniffing")], {"counting_kinds": frozenset({"sniffing"})}),
    ],
)
def test_edges_of_spells_and_terms(spells, changed):
    rows = [
        replace(TERMS, valid_from=EARLY),
        replace(TERMS, valid_from=LATE, start_amount=Decimal(1), **changed),
    ]
    assert_second_reckoning_agrees(spells, rows)


def test_a_course_of_many_spells_is_walked_to_its_end():
    weeks = [spell(monday, monday + 4 * DAY) for monday in (EARLY + timedelta(weeks=n) for n in range(14))]
    assert earned(weeks) == (EARLY, date(2016, 7, 3))
    assert earned(weeks[:1]) == (EARLY, None)


def test_a_tolerated_hole_is_never_waited_for():
    """Its days do not count, so that the completion falls on a day of a spell."""
    spells = [spell(MONDAY_BEFORE, FRIDAY), spell(MONDAY + DAY, date(2016, 4, 20))]
    _start, completion = settle(spells, WINDOW, [replace(TERMS, tolerance_days=3, completion_days=6)])
    assert completion.event.on == completion.settled_on == MONDAY + DAY
