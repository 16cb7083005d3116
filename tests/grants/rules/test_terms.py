"""The activity grant under dated terms, and its ceiling, by example (D26, D29)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from grants.rules.entitlement import ceiling, payable, reckon
from grants.rules.values import LongestRun, UnusedReason
from jobfirst.values.dates import DateSpan, in_force
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


def test_an_event_is_paid_by_the_terms_of_its_own_day():
    later = replace(
        TERMS, valid_from=date(2016, 5, 1), start_amount=Decimal("9000"), completion_amount=Decimal("7000")
    )
    entitlement = reckon([spell_of_days(date(2016, 3, 1), 91)], WINDOW, [later, TERMS])
    assert [(e.amount, e.terms_valid_from) for e in entitlement.events] == [
        (Decimal("8000.00"), date(2015, 1, 1)),
        (Decimal("7000"), date(2016, 5, 1)),
    ]


def test_shorter_terms_complete_a_run_on_the_day_they_take_effect_and_never_a_run_already_over():
    shorter = replace(TERMS, valid_from=date(2016, 5, 16), completion_days=60)
    running = spell_of_days(date(2016, 3, 1), 80)
    assert earned_events(running, terms=[TERMS, shorter])[1:] == [("completion", date(2016, 5, 16))]
    assert len(earned_events(spell_of_days(date(2016, 3, 1), 70), terms=[TERMS, shorter])) == 1


def test_a_kind_that_begins_to_count_earns_its_start_from_then():
    narrow = replace(TERMS, counting_kinds=frozenset({"ordinary_employment"}))
    wide = replace(TERMS, valid_from=date(2016, 5, 1))
    assert earned_events(spell_of_days(date(2016, 3, 1), 91), terms=[narrow, wide]) == [
        ("start", date(2016, 5, 1)),
        ("completion", date(2016, 5, 30)),
    ]


def test_before_any_terms_nothing_is_earned():
    late = replace(TERMS, valid_from=date(2017, 1, 1))
    only = spell_of_days(date(2016, 3, 1), 91)
    assert earned_events(only, terms=[late]) == []
    assert unused_reasons(only, terms=[late]) == {only.id: UnusedReason.NO_TERMS}
    assert in_force([late], date(2016, 12, 31)) is None


def test_ceiling_of_a_hundred_is_1_440_000():
    assert ceiling(TERMS, 100) == Decimal("1440000.00")
    assert str(ceiling(TERMS, 0)) == "0.00"


def test_ceiling_is_exact_and_never_rounded_up():
    odd = replace(
        TERMS,
        ceiling_share=Decimal("0.3333"),
        start_amount=Decimal("0.01"),
        completion_amount=Decimal("0.01"),
    )
    assert ceiling(odd, 1) == Decimal("0.00")
    assert ceiling(odd, 200) == Decimal("1.33")


def test_payable_is_within_the_ceiling_and_may_be_negative():
    assert payable(Decimal("100"), Decimal("1000"), Decimal("0")) == Decimal("100")
    assert payable(Decimal("1500"), Decimal("1000"), Decimal("400")) == Decimal("600")
    assert payable(Decimal("100"), Decimal("1000"), Decimal("400")) == Decimal("-300")


def test_a_completion_never_comes_before_its_start_even_when_terms_change_in_a_hole():
    narrow = replace(TERMS, counting_kinds=frozenset())
    wide = replace(TERMS, valid_from=date(2016, 6, 11))  # a Saturday between the two spells
    parts = [spell(date(2016, 3, 1), date(2016, 6, 10)), spell(date(2016, 6, 13), date(2016, 6, 30))]
    assert earned_events(*parts, terms=[narrow, wide]) == [
        ("start", date(2016, 6, 13)),
        ("completion", date(2016, 6, 13)),
    ]


def test_a_missing_completion_says_how_far_the_longest_run_came():
    longest = reckon(
        [
            spell_of_days(date(2016, 3, 1), 20, company=A),
            spell_of_days(date(2016, 4, 13), 44, company=B),
            spell_of_days(date(2016, 8, 1), 7, company=A),
            spell_of_days(date(2016, 3, 1), 80, company=A, kind="sniffing"),
        ],
        WINDOW,
        [TERMS],
    ).longest
    assert longest == LongestRun(B, DateSpan(date(2016, 4, 13), date(2016, 5, 26)), 44, 91)


def test_days_that_do_not_count_are_not_in_the_longest_run():
    tolerant = replace(TERMS, tolerance_days=3)
    spells = [spell_of_days(date(2016, 3, 1), 10), spell_of_days(date(2016, 3, 14), 10)]
    longest = reckon(spells, WINDOW, [tolerant]).longest
    assert (longest.counted_days, longest.span.days) == (20, 23)
    cut = replace(WINDOW, cut_off=date(2016, 3, 5))
    assert reckon(spells, cut, [tolerant]).longest.span == DateSpan(date(2016, 3, 1), date(2016, 3, 5))


def test_the_longest_run_is_judged_by_the_terms_on_its_last_day():
    later = replace(TERMS, valid_from=date(2016, 6, 1), completion_days=120)
    before = spell_of_days(date(2016, 3, 1), 50)
    assert reckon([before], WINDOW, [TERMS, later]).longest.needed_days == 91
    across = spell_of_days(date(2016, 4, 15), 100)
    longest = reckon([across], WINDOW, [TERMS, later]).longest
    assert (longest.counted_days, longest.needed_days) == (100, 120)


def test_nothing_is_longest_without_a_start_or_with_a_completion():
    assert reckon([spell_of_days(date(2016, 3, 1), 91)], WINDOW, [TERMS]).longest is None
    assert reckon([spell_of_days(date(2016, 3, 1), 91, kind="sniffing")], WINDOW, [TERMS]).longest is None
