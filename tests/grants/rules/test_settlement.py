"""The events that count on a cut-off are those of a reckoning with that cut-off (D27, D28, D30)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grants.rules.entitlement import reckon
from grants.rules.settlement import settle
from jobfirst.values.dates import DAY, LATEST
from jobfirst.values.working_days import is_working_day
from tests.grants.rules.test_entitlement_properties import DEFAULT, spells, terms, windows
from tests.loops import if_any
from tests.scenarios.entitlement_examples import TERMS, WINDOW, A, B, spell

FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2016, 4, day) for day in (8, 9, 10, 11))
MONDAY_BEFORE = date(2016, 4, 4)


def counting(settled, cut_off):
    """Return the events that count on the cut-off."""
    return tuple(item.event for item in settled if item.settled_on <= cut_off)


@st.composite
def working_weeks(draw):
    """Spells of Monday to Friday at two companies, with a day more or less at either end."""
    drawn_spells = []
    for number in range(draw(st.integers(1, 8))):
        first = MONDAY_BEFORE + timedelta(
            days=7 * draw(st.integers(0, 3)) + draw(st.sampled_from([0, 0, -1, 1]))
        )
        last = first + timedelta(days=draw(st.integers(3, 6)))
        drawn_spells.append(spell(first, last, company=draw(st.sampled_from([A, B])), id=number))
    return drawn_spells


@given(spells(), windows(), terms(), st.lists(st.integers(-5, 460), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_on_every_cut_off_the_settled_events_are_those_of_the_reckoning(spells, window, terms, days):
    settled = settle(spells, window, terms)
    for cut_off in (*(date(2016, 1, 1) + timedelta(days=day) for day in days), LATEST):
        assert counting(settled, cut_off) == reckon(spells, replace(window, cut_off=cut_off), terms).events


@given(working_weeks(), st.integers(1, 20), st.lists(st.integers(1, 12), max_size=2))
@settings(max_examples=200, deadline=None)
def test_weekends_at_two_companies_settle_as_they_are_reckoned_on_every_day(spells, needed, needed_later):
    rows = [replace(TERMS, completion_days=needed)]
    for number, days in enumerate(needed_later):
        rows.append(replace(TERMS, valid_from=SATURDAY + timedelta(days=number), completion_days=days))
    settled = settle(spells, WINDOW, rows)
    for offset in range(-3, 45):
        cut_off = MONDAY_BEFORE + timedelta(days=offset)
        assert counting(settled, cut_off) == reckon(spells, replace(WINDOW, cut_off=cut_off), rows).events


@given(spells(), windows(), terms())
@settings(max_examples=100, deadline=None)
def test_of_each_kind_there_is_one_event_and_it_waits_over_days_off_only(spells, window, terms):
    settled = settle(spells, window, terms)
    kinds = [item.event.kind for item in settled]
    assert len(kinds) == len(set(kinds))
    for item in if_any(settled):
        waiting = (item.settled_on - item.event.on).days
        assert not any(is_working_day(item.event.on + n * DAY) for n in range(waiting))


def test_the_cut_off_of_the_window_makes_no_difference():
    spells = [spell(MONDAY_BEFORE, planned=date(2016, 8, 1))]
    assert settle(spells, WINDOW, [TERMS]) == settle(spells, replace(WINDOW, cut_off=FRIDAY), [TERMS])


def test_a_completion_on_a_day_of_a_spell_is_settled_on_that_day():
    settled = settle([spell(MONDAY_BEFORE, planned=date(2016, 8, 1))], WINDOW, [DEFAULT])
    assert [(item.event.on, item.settled_on) for item in settled] == [
        (MONDAY_BEFORE, MONDAY_BEFORE),
        (date(2016, 7, 3), date(2016, 7, 3)),
    ]


@pytest.mark.parametrize("needed", [6, 7])
def test_a_completion_in_a_bridged_weekend_is_settled_on_the_monday_after_it(needed):
    spells = [spell(MONDAY_BEFORE, FRIDAY, id=1), spell(MONDAY, date(2016, 4, 20), id=2)]
    completion = settle(spells, WINDOW, [replace(TERMS, completion_days=needed)])[1]
    assert (completion.event.on, completion.settled_on) == (MONDAY_BEFORE + (needed - 1) * DAY, MONDAY)


@pytest.mark.parametrize("cut_off", [SUNDAY, MONDAY, LATEST])
def test_of_two_companies_the_completion_settled_first_stands_on_every_later_cut_off(cut_off):
    """Six days: at A reached on the Saturday of a weekend, known on the Monday; at B on the Sunday."""
    spells = [
        spell(MONDAY_BEFORE, FRIDAY, A, id=1),
        spell(MONDAY, MONDAY, A, id=2),
        spell(date(2016, 4, 5), SUNDAY, B, id=3),
    ]
    rows = [replace(TERMS, completion_days=6)]
    _start, completion = settle(spells, WINDOW, rows)
    assert (completion.event.company, completion.event.on, completion.settled_on) == (B, SUNDAY, SUNDAY)
    assert completion.event in reckon(spells, replace(WINDOW, cut_off=cut_off), rows).events
