"""The activity grant's rules by example (D26–D29)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import permutations

import pytest

from grants.rules.entitlement import reckon
from grants.rules.values import CountingWindow, GrantEventKind, HoleKind, UnusedReason
from jobfirst.values.dates import DateSpan
from tests.scenarios.entitlement_examples import (
    TERMS,
    WINDOW,
    A,
    B,
    earned_events,
    spell,
    spell_of_days,
    unused_reasons,
)


@pytest.mark.parametrize(("days", "completed"), [(90, False), (91, True), (92, True)])
def test_completion_is_earned_on_the_91st_day(days, completed):
    first = date(2016, 3, 1)
    expected = [("start", first)]
    if completed:
        expected.append(("completion", date(2016, 5, 30)))
    assert earned_events(spell_of_days(first, days)) == expected


def test_who_was_referred_in_error_earns_nothing():
    entitlement = reckon([spell_of_days(date(2016, 3, 1), 100, id="s1")], replace(WINDOW, void=True), [TERMS])
    assert entitlement.events == ()
    assert [item.reason for item in entitlement.unused] == [UnusedReason.REFERRED_IN_ERROR]


def test_an_event_pays_its_part_and_says_what_it_rests_on():
    only = spell_of_days(date(2016, 3, 1), 100, id="s1")
    entitlement = reckon([only], WINDOW, [TERMS])
    start, completion = entitlement.events
    assert (start.amount, completion.amount) == (Decimal("8000.00"), Decimal("8000.00"))
    assert entitlement.total == Decimal("16000.00")
    assert (start.counted_from, start.counted_days, start.spell_ids) == (date(2016, 3, 1), 1, ("s1",))
    assert (completion.counted_from, completion.counted_days, completion.bridged_days) == (
        date(2016, 3, 1),
        91,
        0,
    )
    assert (completion.company, completion.spell_ids) == (A, ("s1",))
    assert entitlement.unused == ()


def test_renewal_the_next_day_joins():
    first = date(2016, 3, 1)
    assert earned_events(spell_of_days(first, 45), spell_of_days(date(2016, 4, 15), 46))[1:] == [
        ("completion", date(2016, 5, 30))
    ]


def test_renewal_over_a_weekend_joins_and_its_days_count():
    before = spell(date(2016, 3, 1), date(2016, 4, 8))  # a Friday
    after = spell(date(2016, 4, 11), date(2016, 5, 30), id="after")  # the Monday
    entitlement = reckon([before, after], WINDOW, [TERMS])
    completion = entitlement.events[1]
    assert completion.on == date(2016, 5, 30)
    assert (completion.counted_days, completion.bridged_days) == (91, 2)
    assert [(h.span.first, h.span.last, h.kind) for h in completion.holes] == [
        (date(2016, 4, 9), date(2016, 4, 10), HoleKind.NON_WORKING)
    ]


def test_renewal_over_easter_joins():
    """Maundy Thursday 24 March to Easter Monday 28 March 2016: five days without a working day."""
    before = spell(date(2016, 3, 1), date(2016, 3, 23))
    after = spell(date(2016, 3, 29), date(2016, 5, 30))
    assert earned_events(before, after)[1:] == [("completion", date(2016, 5, 30))]


def test_one_working_day_lost_breaks_the_run():
    before = spell(date(2016, 3, 1), date(2016, 4, 6))  # a Wednesday
    after = spell(date(2016, 4, 8), date(2016, 7, 6))  # the Friday, 90 days
    assert earned_events(before, after) == [("start", date(2016, 3, 1))]
    assert unused_reasons(before, after) == {after.id: UnusedReason.TOO_SHORT}
    one_more = spell(after.starts_on, after.ended_on + timedelta(days=1))
    assert earned_events(before, one_more)[1:] == [("completion", date(2016, 7, 7))]


def test_a_weekend_with_a_working_day_beside_it_breaks_the_run():
    before = spell(date(2016, 3, 1), date(2016, 4, 7))  # a Thursday
    assert earned_events(before, spell_of_days(date(2016, 4, 11), 90)) == [("start", date(2016, 3, 1))]


@pytest.mark.parametrize("lost", [date(2016, 12, 24), date(2016, 12, 31), date(2016, 5, 1)])
def test_days_off_by_agreement_that_fall_on_a_weekend_are_weekend(lost):
    before = spell(lost - timedelta(days=60), lost - timedelta(days=1))
    after = spell(lost + timedelta(days=1), lost + timedelta(days=40))
    window = replace(WINDOW, allocated_on=date(2016, 1, 1), cut_off=date(2017, 12, 31))
    assert len(earned_events(before, after, window=window)) == 2


@pytest.mark.parametrize("lost", [date(2018, 6, 5), date(2017, 5, 1)])
def test_constitution_day_and_may_day_are_working_days(lost):
    assert lost.weekday() < 5
    before = spell(lost - timedelta(days=60), lost - timedelta(days=1))
    after = spell(lost + timedelta(days=1), lost + timedelta(days=40))
    window = CountingWindow(
        date(2017, 1, 1), DateSpan(date(2017, 1, 1), date(2018, 12, 31)), date(2018, 12, 31)
    )
    assert len(earned_events(before, after, window=window)) == 1


@pytest.mark.parametrize(
    ("year", "day", "joins"), [(2023, date(2023, 5, 5), True), (2024, date(2024, 4, 26), False)]
)
def test_general_prayer_day_is_a_holiday_until_2023(year, day, joins):
    window = CountingWindow(
        date(year, 1, 1), DateSpan(date(year, 1, 1), date(year, 12, 31)), date(year, 12, 31)
    )
    before = spell(day - timedelta(days=60), day - timedelta(days=1))
    after = spell(day + timedelta(days=1), day + timedelta(days=40))
    assert (len(earned_events(before, after, window=window)) == 2) is joins


def test_two_companies_never_join_but_one_start_is_earned():
    first = spell_of_days(date(2016, 3, 1), 60)
    second = spell_of_days(date(2016, 4, 30), 60, company=B)
    assert earned_events(first, second) == [("start", date(2016, 3, 1))]
    assert unused_reasons(first, second) == {second.id: UnusedReason.TOO_SHORT}


def test_the_first_completion_across_companies_is_the_one():
    late_start = spell_of_days(date(2016, 3, 10), 200, company=A)
    first = spell_of_days(date(2016, 3, 1), 200, company=B)
    entitlement = reckon([late_start, first], WINDOW, [TERMS])
    assert [(e.kind, e.on, e.company) for e in entitlement.events] == [
        (GrantEventKind.START, date(2016, 3, 1), B),
        (GrantEventKind.COMPLETION, date(2016, 5, 30), B),
    ]
    assert [(u.spell_id, u.reason) for u in entitlement.unused] == [
        (late_start.id, UnusedReason.ALREADY_EARNED)
    ]


def test_overlapping_spells_at_one_company_count_each_day_once():
    assert earned_events(spell_of_days(date(2016, 3, 1), 60), spell_of_days(date(2016, 4, 1), 59)) == [
        ("start", date(2016, 3, 1))
    ]
    assert earned_events(spell_of_days(date(2016, 3, 1), 60), spell_of_days(date(2016, 4, 1), 60))[1:] == [
        ("completion", date(2016, 5, 30))
    ]


def test_a_short_spell_inside_a_long_one_does_not_end_the_run_early():
    assert earned_events(spell_of_days(date(2016, 3, 1), 91), spell_of_days(date(2016, 3, 5), 3))[1:] == [
        ("completion", date(2016, 5, 30))
    ]


def test_each_part_is_earned_once():
    again = spell_of_days(date(2016, 8, 1), 100, id="again")
    assert len(earned_events(spell_of_days(date(2016, 3, 1), 100), again)) == 2
    assert unused_reasons(spell_of_days(date(2016, 3, 1), 100), again) == {
        "again": UnusedReason.ALREADY_EARNED
    }


def test_a_short_spell_after_both_parts_is_not_called_too_short():
    after = spell_of_days(date(2016, 8, 1), 20, company=B, id="after")
    before = spell_of_days(date(2016, 2, 20), 5, company=B, id="before")
    between = spell_of_days(date(2016, 2, 26), 2, company="10103940", id="between")
    long = spell_of_days(date(2016, 3, 1), 100)
    assert unused_reasons(before, between, long, after) == {
        "between": UnusedReason.TOO_SHORT,
        "after": UnusedReason.ALREADY_EARNED,
    }


def test_days_beyond_the_terms_do_not_make_a_run_long_enough():
    """103 days in all, but 83 of the 91 needed when from 1 June 120 are needed."""
    later = replace(TERMS, valid_from=date(2016, 6, 1), completion_days=120)
    start = spell_of_days(date(2016, 3, 1), 2, company=B)
    first = spell(date(2016, 3, 10), date(2016, 5, 20), id="first")
    second = spell(date(2016, 5, 21), date(2016, 6, 20), id="second")
    unused = reckon([start, first, second], WINDOW, [TERMS, later]).unused
    assert [(item.spell_id, item.reason, item.counted_days, item.needed_days) for item in unused] == [
        ("first", UnusedReason.TOO_SHORT, 83, 91),
        ("second", UnusedReason.TOO_SHORT, 103, 120),
    ]


def test_begun_before_the_draw_counts_from_the_draw():
    window = replace(WINDOW, allocated_on=date(2016, 3, 15))
    assert earned_events(spell_of_days(date(2016, 3, 1), 105), window=window) == [
        ("start", date(2016, 3, 15)),
        ("completion", date(2016, 6, 13)),
    ]
    assert earned_events(spell_of_days(date(2016, 3, 1), 104), window=window) == [
        ("start", date(2016, 3, 15))
    ]


def test_a_spell_over_before_the_draw_neither_earns_nor_bridges():
    """Clipped first, joined after: the Friday before a Monday draw gives no weekend to bridge."""
    window = replace(WINDOW, allocated_on=date(2016, 4, 11))
    before = spell(date(2016, 3, 1), date(2016, 4, 8))
    after = spell_of_days(date(2016, 4, 11), 91)
    assert earned_events(before, after, window=window) == [
        ("start", date(2016, 4, 11)),
        ("completion", date(2016, 7, 10)),
    ]
    assert unused_reasons(before, after, window=window) == {before.id: UnusedReason.BEFORE_ALLOCATION}


def test_ended_early_counts_to_the_actual_end():
    assert earned_events(spell(date(2016, 3, 1), date(2016, 5, 29), planned=date(2016, 5, 30))) == [
        ("start", date(2016, 3, 1))
    ]


def test_ended_later_than_planned_counts_to_the_actual_end():
    assert len(earned_events(spell(date(2016, 3, 1), date(2016, 5, 30), planned=date(2016, 5, 29)))) == 2


def test_still_running_counts_to_the_planned_end():
    assert len(earned_events(spell(date(2016, 3, 1), planned=date(2016, 5, 30)))) == 2
    assert len(earned_events(spell(date(2016, 3, 1), planned=date(2016, 5, 29)))) == 1


@pytest.mark.parametrize("kind", ["ordinary_employment", "flex_job"])
def test_employment_without_a_planned_end_runs_onwards(kind):
    assert earned_events(spell(date(2016, 3, 1), kind=kind))[1:] == [("completion", date(2016, 5, 30))]


@pytest.mark.parametrize("kind", ["internship", "wage_subsidy"])
def test_other_kinds_without_any_end_earn_nothing(kind):
    open_ended = spell(date(2016, 3, 1), kind=kind)
    assert earned_events(open_ended) == []
    assert unused_reasons(open_ended) == {open_ended.id: UnusedReason.NO_END_KNOWN}


def test_nothing_counts_beyond_the_cut_off():
    running = spell(date(2016, 3, 1), planned=date(2016, 12, 31))
    assert len(earned_events(running, window=replace(WINDOW, cut_off=date(2016, 5, 29)))) == 1
    assert len(earned_events(running, window=replace(WINDOW, cut_off=date(2016, 5, 30)))) == 2
    early = replace(WINDOW, cut_off=date(2016, 2, 29))
    assert earned_events(running, window=early) == []
    assert unused_reasons(running, window=early) == {running.id: UnusedReason.AFTER_CUT_OFF}


def test_the_days_so_far_end_at_the_cut_off():
    running = spell(date(2016, 3, 1), planned=date(2016, 12, 31))
    longest = reckon([running], replace(WINDOW, cut_off=date(2016, 3, 10)), [TERMS]).longest
    assert (longest.span, longest.counted_days) == (DateSpan(date(2016, 3, 1), date(2016, 3, 10)), 10)


def test_over_the_years_end_the_completion_falls_in_the_later_year():
    over = spell(date(2016, 11, 1), planned=date(2017, 1, 31))
    assert earned_events(over) == [("start", date(2016, 11, 1))]
    later = replace(WINDOW, cut_off=date(2017, 12, 31))
    assert earned_events(over, window=later)[1:] == [("completion", date(2017, 1, 30))]


def test_a_hole_over_the_cut_off_is_bridged_only_once_the_next_spell_can_be_seen():
    """The 91st day is a Saturday in the hole: earned on it, but known only from the Monday on."""
    before = spell(date(2016, 4, 10), date(2016, 7, 8))  # 90 days to a Friday
    after = spell(date(2016, 7, 11), date(2016, 7, 20), id="after")
    assert len(earned_events(before, after, window=replace(WINDOW, cut_off=date(2016, 7, 10)))) == 1
    entitlement = reckon([before, after], replace(WINDOW, cut_off=date(2016, 7, 11)), [TERMS])
    completion = entitlement.events[1]
    assert (completion.on, completion.bridged_days) == (date(2016, 7, 9), 1)
    assert completion.spell_ids == (before.id, "after")
    assert entitlement.unused == ()


def test_the_project_ending_ends_the_counting():
    window = replace(WINDOW, project=DateSpan(WINDOW.project.first, date(2016, 5, 29)))
    assert earned_events(spell(date(2016, 3, 1), planned=date(2016, 12, 31)), window=window) == [
        ("start", date(2016, 3, 1))
    ]
    after = spell_of_days(date(2016, 6, 1), 91)
    assert unused_reasons(after, window=window) == {after.id: UnusedReason.AFTER_PROJECT}


def test_nothing_counts_before_the_project():
    window = replace(
        WINDOW,
        allocated_on=date(2016, 1, 1),
        project=DateSpan(date(2016, 4, 1), WINDOW.project.last),
    )
    early = spell_of_days(date(2016, 3, 1), 31)
    assert earned_events(early, spell_of_days(date(2016, 4, 1), 90), window=window) == [
        ("start", date(2016, 4, 1))
    ]
    assert unused_reasons(early, window=window) == {early.id: UnusedReason.BEFORE_PROJECT}


def test_sniffing_does_not_count_and_does_not_bridge():
    sniffing = spell(date(2016, 4, 11), date(2016, 4, 15), kind="sniffing")
    before, after = spell(date(2016, 3, 1), date(2016, 4, 8)), spell_of_days(date(2016, 4, 18), 60)
    assert earned_events(before, sniffing, after) == [("start", date(2016, 3, 1))]
    assert earned_events(sniffing) == []
    assert unused_reasons(sniffing) == {sniffing.id: UnusedReason.KIND_DOES_NOT_COUNT}


def test_different_counting_kinds_at_one_company_join():
    parts = [
        spell_of_days(date(2016, 3, 1), 31),
        spell_of_days(date(2016, 4, 1), 30, kind="wage_subsidy"),
        spell_of_days(date(2016, 5, 1), 30, kind="flex_job"),
    ]
    assert earned_events(*parts)[1:] == [("completion", date(2016, 5, 30))]


def test_the_order_of_the_spells_makes_no_difference():
    parts = [
        spell_of_days(date(2016, 3, 1), 31, id=1),
        spell_of_days(date(2016, 4, 1), 60, id=2),
        spell_of_days(date(2016, 3, 1), 91, company=B, id=3),
        spell(date(2016, 6, 1), date(2016, 5, 1), id=4),
    ]
    reckoned = {reckon(order, WINDOW, [TERMS]) for order in permutations(parts)}
    assert len(reckoned) == 1


def test_a_spell_that_ends_before_it_starts_earns_nothing():
    impossible = spell(date(2016, 3, 2), date(2016, 3, 1))
    assert unused_reasons(impossible) == {impossible.id: UnusedReason.ENDS_BEFORE_IT_STARTS}


def test_a_cut_off_before_the_draw_earns_nothing():
    assert (
        earned_events(spell_of_days(date(2016, 3, 1), 91), window=replace(WINDOW, cut_off=date(2016, 1, 15)))
        == []
    )


def test_tolerated_days_do_not_break_and_do_not_count():
    terms = replace(TERMS, tolerance_days=2)
    before, after = spell(date(2016, 3, 1), date(2016, 4, 5)), spell_of_days(date(2016, 4, 8), 55)
    entitlement = reckon([before, after], WINDOW, [terms])
    completion = entitlement.events[1]
    assert completion.on == date(2016, 6, 1)
    assert (completion.counted_days, completion.bridged_days) == (91, 0)
    assert [hole.kind for hole in completion.holes] == [HoleKind.TOLERATED]
    assert len(earned_events(before, spell_of_days(date(2016, 4, 9), 60), terms=[terms])) == 1


def test_bridging_can_be_switched_off():
    terms = replace(TERMS, bridge_non_working_days=False)
    before, after = spell(date(2016, 3, 1), date(2016, 4, 8)), spell(date(2016, 4, 11), date(2016, 5, 30))
    assert len(earned_events(before, after, terms=[terms])) == 1
