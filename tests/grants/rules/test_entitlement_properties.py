"""The activity grant against a slow, obvious second reckoning, and what must hold of every reckoning."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from companies.rules.succession import TakeOver, company_lines
from grants.rules.entitlement import reckon
from grants.rules.values import CountingWindow, EntitlementTerms, Spell, UnusedReason
from jobfirst.values.dates import DateSpan
from jobfirst.values.working_days import is_working_day
from tests.grants.second_reckoning import is_danish_working_day, second_reckoning
from tests.loops import if_any

FIRST = date(2016, 1, 1)
KINDS = ["sniffing", "internship", "wage_subsidy", "ordinary_employment", "flex_job"]
COUNTING = frozenset(KINDS[1:])


def days(first=0, last=400):
    return st.integers(first, last).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def taken_over(draw):
    """The lines of companies that others took over: none, A by B, both A and B by C, or A by B by C."""
    first, second = draw(days(20, 260)), draw(days(20, 260))
    all_workplaces = draw(st.booleans())
    return company_lines(
        draw(
            st.sampled_from(
                [
                    {},
                    {},
                    {"A": TakeOver(first, "B", all_workplaces)},
                    {"A": TakeOver(first, "C"), "B": TakeOver(second, "C", all_workplaces)},
                    {
                        "A": TakeOver(min(first, second), "B"),
                        "B": TakeOver(max(first, second) + timedelta(days=1), "C", all_workplaces),
                    },
                ]
            )
        )
    )


@st.composite
def spells(draw):
    """Spells that often adjoin, overlap or leave a few days between them, at one of a few companies.

    Some of the companies are taken over by others, and by others again.
    """
    drawn_spells = []
    lines = draw(taken_over())
    companies = "ABACAB" if lines else "ABAA"
    day = draw(days(0, 200))
    for number in range(draw(st.integers(0, 7))):
        length = draw(st.one_of(st.integers(0, 60), st.integers(85, 95)))
        end = day + timedelta(days=length)
        planned = draw(st.one_of(st.none(), st.just(end), days()))
        ended = draw(st.one_of(st.just(end), st.none()))
        kind = draw(st.sampled_from(["internship", *KINDS]))
        company = draw(st.sampled_from(companies))
        drawn_spells.append(
            Spell(
                number,
                company,
                kind,
                day,
                planned,
                ended,
                draw(st.sampled_from(["", "", "1", "2"])) if lines else "",
                lines[company].take_overs if company in lines else (),
            )
        )
        day = end + timedelta(days=draw(st.one_of(st.integers(-20, 7), st.integers(1, 4))))
    return drawn_spells


@st.composite
def windows(draw):
    starts = draw(days(0, 120))
    return CountingWindow(
        allocated_on=draw(days(0, 250)),
        project=DateSpan(starts, starts + timedelta(days=draw(st.integers(0, 400)))),
        cut_off=draw(days(0, 450)),
        ends_on=draw(st.one_of(st.none(), st.none(), days(0, 450))),
        void=draw(st.sampled_from([False] * 9 + [True])),
    )


@st.composite
def terms(draw):
    rows = []
    for valid_from in sorted(
        draw(st.sets(st.one_of(st.just(FIRST - timedelta(days=900)), days(0, 350)), min_size=1, max_size=3))
    ):
        rows.append(
            EntitlementTerms(
                valid_from=valid_from,
                start_amount=Decimal(draw(st.integers(0, 9))) * 1000,
                completion_amount=Decimal(draw(st.integers(0, 9))) * 1000,
                counting_kinds=draw(st.one_of(st.just(COUNTING), st.frozensets(st.sampled_from(KINDS)))),
                completion_days=draw(st.one_of(st.just(91), st.integers(1, 120))),
                tolerance_days=draw(st.one_of(st.just(0), st.integers(0, 4))),
                bridge_non_working_days=draw(st.booleans()),
            )
        )
    return rows


DEFAULT = EntitlementTerms(date(2015, 1, 1), Decimal(8000), Decimal(8000), COUNTING)


def event_tuples(entitlement):
    return [(event.kind.value, event.on, event.amount) for event in entitlement.events]


@given(spells(), windows())
@settings(max_examples=300, deadline=None)
def test_agrees_with_the_second_reckoning_under_the_default_terms(spells, window):
    assert event_tuples(reckon(spells, window, [DEFAULT])) == second_reckoning(spells, window, [DEFAULT])


@given(spells(), windows(), terms())
@settings(max_examples=300, deadline=None)
def test_agrees_with_the_second_reckoning_under_dated_terms(spells, window, terms):
    assert event_tuples(reckon(spells, window, terms)) == second_reckoning(spells, window, terms)


@given(spells(), windows(), terms(), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_order_makes_no_difference_and_every_spell_is_accounted_for(spells, window, terms, random):
    entitlement = reckon(spells, window, terms)
    shuffled = random.sample(spells, len(spells))
    assert reckon(shuffled, window, random.sample(terms, len(terms))) == entitlement
    used = {spell_id for event in entitlement.events for spell_id in event.spell_ids}
    unused = [item.spell_id for item in entitlement.unused]
    assert used | set(unused) == {spell.id for spell in spells}
    assert not used & set(unused)
    assert len(unused) == len(set(unused))


@given(spells(), windows())
@settings(max_examples=100, deadline=None)
def test_each_part_once_and_no_completion_without_a_start(spells, window):
    kinds = [event.kind.value for event in reckon(spells, window, [DEFAULT]).events]
    assert kinds in ([], ["start"], ["start", "completion"])


@given(spells(), windows(), terms(), st.integers(1, 200))
@settings(max_examples=200, deadline=None)
def test_a_later_cut_off_takes_nothing_back(spells, window, terms, more):
    """With it two half-years' statements give what the year's gives: what is earned only grows."""
    early = event_tuples(reckon(spells, window, terms))
    late = event_tuples(reckon(spells, replace(window, cut_off=window.cut_off + timedelta(days=more)), terms))
    assert early == late[: len(early)]


@given(spells(), windows())
@settings(max_examples=100, deadline=None)
def test_a_completion_rests_on_exactly_its_days(spells, window):
    for event in if_any(reckon(spells, window, [DEFAULT]).events[1:]):
        assert event.counted_days == DEFAULT.completion_days
        assert (event.on - event.counted_from).days + 1 == event.counted_days
        for hole in if_any(event.holes):
            span = [hole.span.first + timedelta(days=n) for n in range(hole.span.days)]
            assert not any(is_danish_working_day(day) for day in if_any(span))


@given(spells(), windows())
@settings(max_examples=100, deadline=None)
def test_a_run_with_reason_too_short_has_fewer_days_than_needed(spells, window):
    for item in if_any(reckon(spells, window, [DEFAULT]).unused):
        if item.reason is UnusedReason.TOO_SHORT:
            assert 0 < item.counted_days < item.needed_days


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_both_calendars_agree(day):
    assert is_working_day(day) == is_danish_working_day(day)
