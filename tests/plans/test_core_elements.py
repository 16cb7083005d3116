"""The core elements of the plans (D7): 3 sniffing, 8 plan for job."""

import datetime

from cases.rules.core_elements import SNIFFING_TOO_LONG
from cases.rules.fidelity import ElementState
from jobfirst.values.dates import DAY, DateSpan
from plans.rules import core_elements as rules
from plans.rules.core_elements import SniffingFacts, plan_for_job, sniffing

START = datetime.date(2016, 4, 4)  # a Monday
MET, NOT_YET, MISSED = ElementState.MET, ElementState.NOT_YET, ElementState.MISSED


def on(number: int) -> datetime.date:
    return START + number * DAY


def span(first: int, last: int | None = None) -> DateSpan:
    return DateSpan(on(first), None if last is None else on(last))


def sniffed(*planned: DateSpan, internship: int | None = None, workplaces=(0, 7), started_on=START):
    facts = SniffingFacts(
        list(planned), {f"place {number}": on(day) for number, day in enumerate(workplaces)}
    )
    first = None if internship is None else on(internship)
    return sniffing(started_on, first, facts, weeks=13)


def test_several_workplaces_and_no_empty_week_meet_it_from_the_first_internship_day():
    indicator = sniffed(span(0, 2), span(9, 9), span(14, 60), internship=21)
    assert [indicator.state_on(on(day)) for day in (20, 21, 400)] == [NOT_YET, MET, MET]


def test_an_internship_after_one_workplace_is_missed_from_its_second_day():
    indicator = sniffed(span(0, 60), internship=21, workplaces=(0,))
    assert [indicator.state_on(on(day)) for day in (21, 22)] == [NOT_YET, MISSED]
    assert indicator.reasons_on(on(22)) == (rules.FEW_WORKPLACES,)
    assert sniffed(span(0, 60), internship=21, workplaces=(0, 22)).state_on(on(50)) is MISSED


def test_a_second_workplace_on_the_first_internship_day_counts():
    assert sniffed(span(0, 60), internship=21, workplaces=(0, 21)).state_on(on(21)) is MET


def test_while_it_goes_on_it_tells_that_there_are_too_few_workplaces():
    indicator = sniffed(span(0, 60))
    assert indicator.reasons_on(on(6)) == (rules.FEW_WORKPLACES,)
    assert indicator.reasons_on(on(7)) == ()


def test_a_week_without_anything_is_missed_from_its_next_monday():
    indicator = sniffed(span(0, 6), span(14, 60), internship=28)
    assert [indicator.state_on(on(day)) for day in (13, 14)] == [NOT_YET, MISSED]
    assert indicator.reasons_on(on(14)) == (rules.EMPTY_WEEK,)


def test_one_day_fills_its_week():
    assert sniffed(span(0, 0), span(13, 13), span(20, 60), internship=28).state_on(on(28)) is MET


def test_the_broken_week_of_the_start_need_not_be_filled():
    indicator = sniffed(span(7, 60), internship=28, workplaces=(7, 8), started_on=on(1))
    assert indicator.state_on(on(28)) is MET


def test_the_broken_week_before_the_internship_need_not_be_filled():
    assert sniffed(span(0, 6), span(10, 60), internship=10).missed_from is None


def test_thirteen_weeks_are_not_too_long_and_a_day_more_is():
    assert sniffed(span(0, 200), internship=91).state_on(on(91)) is MET
    indicator = sniffed(span(0, 200), internship=92)
    assert [indicator.state_on(on(day)) for day in (91, 92)] == [NOT_YET, MISSED]
    assert indicator.reasons_on(on(92)) == (SNIFFING_TOO_LONG,)


def test_without_an_internship_it_is_missed_after_thirteen_weeks():
    assert sniffed(span(0, 500)).missed_from == on(92)
    assert sniffed(span(0)).missed_from == on(92)


# 8 Plan for job


def test_a_plan_made_by_the_last_day_of_the_first_weeks_is_in_time():
    indicator = plan_for_job(on(91), on(90))
    assert [indicator.state_on(on(day)) for day in (89, 90, 91)] == [NOT_YET, MET, MET]


def test_without_a_plan_it_is_missed_from_the_day_after_until_one_is_made():
    indicator = plan_for_job(on(91), on(100))
    assert [indicator.state_on(on(day)) for day in (90, 91, 99, 100)] == [NOT_YET, MISSED, MISSED, MET]
    assert indicator.reasons_on(on(99)) == (rules.PLAN_MISSING,)


def test_a_pause_that_suspends_the_plan_puts_it_off():
    paused = [span(85, 120)]
    indicator = plan_for_job(on(91), None, paused)
    assert [indicator.state_on(on(day)) for day in (120, 121)] == [NOT_YET, MISSED]
    assert plan_for_job(on(91), None, [span(85)]).missed_from is None


def test_without_an_internship_no_plan_is_due():
    assert plan_for_job(None, None).state_on(on(500)) is NOT_YET
