"""The doubts about events by example (D58)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from grants.rules.doubts import AbsentWeek, DoubtedPlacement, DoubtKind, WaitingReport, doubts_of
from grants.rules.values import GrantEvent, GrantEventKind

FIRST = date(2016, 4, 4)
LAST = date(2016, 7, 3)
LATER = date(2016, 12, 31)


def event(kind):
    on = FIRST if kind is GrantEventKind.START else LAST
    days = (on - FIRST).days + 1
    return GrantEvent(kind, on, Decimal(8000), date(2015, 1, 1), "10150817", (1,), FIRST, days)


START, COMPLETION = event(GrantEventKind.START), event(GrantEventKind.COMPLETION)


def facts(**changed):
    values = {
        "starts_on": FIRST,
        "planned_end_on": LAST,
        "ended_on": LAST,
        "needs_agreement": True,
        "is_signed": True,
        "is_renewed": False,
    }
    return DoubtedPlacement(**values | changed)


def doubted(events, as_of=LATER, **changed):
    """Each doubt's sort with the events that rest on it."""
    doubts = doubts_of(events, {1: facts(**changed)}, as_of)
    return [(doubt.about.kind, doubt.events) for doubt in doubts]


def test_a_signed_and_ended_placement_leaves_no_doubt():
    assert doubted([START, COMPLETION]) == []


def test_both_events_rest_on_an_unsigned_agreement():
    assert doubted([START, COMPLETION], is_signed=False) == [
        (DoubtKind.UNSIGNED_AGREEMENT, (GrantEventKind.START, GrantEventKind.COMPLETION))
    ]


def test_a_placement_that_needs_no_agreement_is_not_doubted_for_it():
    assert doubted([START], is_signed=False, needs_agreement=False) == []


@pytest.mark.parametrize(
    ("changed", "as_of", "is_doubted"),
    [
        ({"ended_on": None}, LAST + timedelta(days=1), True),
        ({"ended_on": None}, LAST, False),  # its planned last day is not over
        ({"ended_on": None, "is_renewed": True}, LATER, False),
        ({"ended_on": None, "planned_end_on": None}, LATER, False),
        ({}, LATER, False),
    ],
)
def test_a_completion_rests_on_an_end_that_somebody_has_registered(changed, as_of, is_doubted):
    expected = [(DoubtKind.UNCONFIRMED_END, (GrantEventKind.COMPLETION,))] if is_doubted else []
    assert doubted([START, COMPLETION], as_of, **changed) == expected


@pytest.mark.parametrize(
    ("report", "kinds"),
    [
        (WaitingReport(None, LAST - timedelta(days=1)), [GrantEventKind.COMPLETION]),
        (WaitingReport(None, LAST), []),  # the completion is earned all the same
        (WaitingReport(FIRST, FIRST), [GrantEventKind.START, GrantEventKind.COMPLETION]),
        (WaitingReport(date(2016, 5, 2), date(2016, 5, 3)), [GrantEventKind.COMPLETION]),
        (WaitingReport(LAST + timedelta(days=1), LAST + timedelta(days=2)), []),
    ],
)
def test_a_report_that_waits_is_a_pending_correction_of_the_days_it_touches(report, kinds):
    expected = [(DoubtKind.PENDING_CORRECTION, tuple(kinds))] if kinds else []
    assert doubted([START, COMPLETION], reports=(report,)) == expected


def test_a_completion_counts_the_absence_of_its_weeks_and_a_start_a_week_without_presence():
    weeks = (
        AbsentWeek(FIRST, present=0, absent=5, no_show=5),
        AbsentWeek(date(2016, 5, 2), present=3, absent=2, no_show=0),
        AbsentWeek(date(2016, 7, 4), present=0, absent=5, no_show=0),  # after the 91st day
    )
    doubts = doubts_of([START, COMPLETION], {1: facts(weeks=weeks)}, LATER)
    days = {doubt.events: (doubt.about.days, doubt.about.no_show) for doubt in doubts}
    assert days == {(GrantEventKind.START,): (5, 5), (GrantEventKind.COMPLETION,): (7, 5)}


def test_an_answer_is_given_to_facts_and_other_facts_are_another_doubt():
    one_week = (AbsentWeek(date(2016, 5, 2), present=3, absent=2, no_show=0),)
    (before,) = doubts_of([COMPLETION], {1: facts(weeks=one_week)}, LATER)
    two_weeks = (*one_week, AbsentWeek(date(2016, 5, 9), present=3, absent=2, no_show=0))
    (after,) = doubts_of([COMPLETION], {1: facts(weeks=two_weeks)}, LATER)
    assert before.facts != after.facts


def test_the_same_days_of_absence_in_another_week_are_another_doubt():
    facts_of_weeks = {
        doubts_of([COMPLETION], {1: facts(weeks=(late, AbsentWeek(monday, 3, 2, 0)))}, LATER)[0].facts
        for late in [AbsentWeek(date(2016, 5, 30), 4, 1, 0)]
        for monday in (date(2016, 5, 2), date(2016, 5, 9))
    }
    assert len(facts_of_weeks) == 2


def test_an_early_stop_and_an_absence_with_the_same_last_day_are_two_doubts():
    day = date(2016, 5, 12)
    reports = (WaitingReport(None, day), WaitingReport(day, day), WaitingReport(day, day))
    doubts = doubts_of([COMPLETION], {1: facts(reports=reports)}, LATER)
    assert [doubt.events for doubt in doubts] == [(GrantEventKind.COMPLETION,)] * 2
    assert len({doubt.facts for doubt in doubts}) == 2
