"""Days in a row across the take-over of a company (D28)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from companies.rules.succession import TakeOver, company_lines
from grants.rules.entitlement import reckon
from grants.rules.values import CountingWindow, CrossedTakeOver, Spell
from jobfirst.values.dates import DateSpan
from tests.grants.rules.test_entitlement_properties import DEFAULT
from tests.grants.second_reckoning import second_reckoning

A, B, C = "10000009", "20000008", "30000007"
FIRST = date(2016, 4, 4)
#: A Wednesday in the midst of the 91 days that begin on FIRST.
TAKEN_OVER = date(2016, 5, 18)
WINDOW = CountingWindow(FIRST, DateSpan(date(2016, 1, 1), date(2018, 1, 1)), date(2017, 12, 31))
DAY = timedelta(days=1)
DAY_91 = FIRST + 90 * DAY


def spells(*rows, take_overs):
    """Spells of (company, first, last, workplace), with the take-overs by company."""
    lines = company_lines(take_overs)
    return [
        Spell(
            number,
            company,
            "internship",
            first,
            last,
            last,
            workplace,
            lines[company].take_overs if company in lines else (),
        )
        for number, (company, first, last, workplace) in enumerate(rows)
    ]


def completion(spells):
    """Return the completion; the second reckoning must agree."""
    events = reckon(spells, WINDOW, [DEFAULT]).events
    assert [(event.kind.value, event.on, event.amount) for event in events] == second_reckoning(
        spells, WINDOW, [DEFAULT]
    )
    return events[1] if len(events) == 2 else None


@pytest.mark.parametrize(
    ("before", "after", "all_workplaces", "joins"),
    [
        ("1", "1", False, True),
        ("1", "2", True, False),
        ("", "", True, True),
        ("", "", False, False),
        ("1", "", True, False),
        ("", "1", True, False),
    ],
)
def test_only_the_same_workplace_goes_on(before, after, all_workplaces, joins):
    rows = spells(
        (A, FIRST, TAKEN_OVER - DAY, before),
        (B, TAKEN_OVER, DAY_91 + 9 * DAY, after),
        take_overs={A: TakeOver(TAKEN_OVER, B, all_workplaces)},
    )
    event = completion(rows)
    if not joins:
        assert event is None
        return
    assert (event.on, event.company, event.counted_days) == (DAY_91, B, 91)
    assert event.crossed == (CrossedTakeOver(TAKEN_OVER, A, B),)
    assert event.spell_ids == (0, 1)


def test_a_spell_that_runs_past_the_day_goes_on_at_the_successor():
    rows = spells((A, FIRST, DAY_91, "1"), take_overs={A: TakeOver(TAKEN_OVER, B, all_workplaces=False)})
    event = completion(rows)
    assert (event.on, event.company) == (DAY_91, B)


def test_another_spell_at_the_successor_joins_what_went_over():
    """From the day of the take-over both are at one company, whatever the workplace."""
    rows = spells(
        (A, FIRST, TAKEN_OVER + 5 * DAY, "1"),
        (B, TAKEN_OVER + 6 * DAY, DAY_91, "2"),
        take_overs={A: TakeOver(TAKEN_OVER, B, all_workplaces=False)},
    )
    assert completion(rows).on == DAY_91


def test_a_completion_before_the_take_over_names_the_company_of_its_day():
    rows = spells((A, FIRST, DAY_91 + 60 * DAY, "1"), take_overs={A: TakeOver(DAY_91 + DAY, B)})
    event = completion(rows)
    assert (event.company, event.crossed) == (A, ())


def test_a_chain_needs_no_spell_at_the_company_in_the_middle():
    monday = date(2016, 5, 23)
    rows = spells(
        (A, FIRST, monday - 3 * DAY, "1"),
        (C, monday, DAY_91, "1"),
        take_overs={A: TakeOver(monday - 2 * DAY, B), B: TakeOver(monday - DAY, C)},
    )
    event = completion(rows)
    assert (event.on, event.company) == (DAY_91, C)
    assert [item.successor for item in event.crossed] == [B, C]


def test_what_was_at_the_successor_before_does_not_join_the_company_that_it_took_over():
    """The citizen was at both before the take-over, so at two workplaces."""
    rows = spells(
        (A, FIRST, TAKEN_OVER - DAY, ""),
        (B, TAKEN_OVER - 5 * DAY, DAY_91, ""),
        take_overs={A: TakeOver(TAKEN_OVER, B)},
    )
    assert completion(rows) is None


def test_a_weekend_at_the_take_over_is_bridged():
    monday = date(2016, 5, 23)
    rows = spells(
        (A, FIRST, monday - 3 * DAY, "1"),
        (B, monday, DAY_91, "1"),
        take_overs={A: TakeOver(monday - DAY, B)},
    )
    event = completion(rows)
    assert (event.on, event.bridged_days) == (DAY_91, 2)
    late = [rows[0], replace(rows[1], starts_on=monday + DAY)]
    assert completion(late) is None


def test_without_the_take_over_the_two_companies_never_join():
    rows = spells((A, FIRST, TAKEN_OVER - DAY, "1"), (B, TAKEN_OVER, DAY_91, "1"), take_overs={})
    assert completion(rows) is None


def test_the_number_under_which_a_later_spell_is_recorded_makes_no_difference():
    take_overs = {A: TakeOver(TAKEN_OVER, B)}
    before = (A, FIRST, TAKEN_OVER - DAY, "1")
    outcomes = [
        completion(spells(before, (company, TAKEN_OVER, DAY_91, "1"), take_overs=take_overs))
        for company in (A, B)
    ]
    assert outcomes[0] == outcomes[1]
