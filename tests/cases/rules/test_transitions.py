"""The dates that internships give a course (D12, D19), by example; tests/cases/test_actions.py saves them."""

from datetime import date

from cases.rules import transitions
from cases.rules.transitions import CourseDates, TrialDurations
from jobfirst.values.dates import DateSpan

TERMS = TrialDurations(weeks=13, months=3)
STARTED = date(2016, 4, 4)


def test_the_earliest_internship_in_the_course_opens_the_phase() -> None:
    later, earlier = DateSpan(date(2016, 6, 1)), DateSpan(date(2016, 5, 2), date(2016, 5, 20))
    assert transitions.internship_from(STARTED, [later, earlier]) == date(2016, 5, 2)
    assert transitions.internship_from(STARTED, []) is None


def test_what_runs_at_the_draw_counts_from_it_and_what_was_over_not_at_all() -> None:
    assert transitions.internship_from(STARTED, [DateSpan(date(2016, 1, 1), STARTED)]) == STARTED
    assert transitions.internship_from(STARTED, [DateSpan(date(2016, 1, 1), date(2016, 4, 3))]) is None


def test_the_dates_follow_from_the_first_day() -> None:
    assert transitions.dates(date(2016, 5, 2), TERMS) == CourseDates(
        date(2016, 5, 2), date(2016, 8, 1), date(2016, 8, 1)
    )
    prolonged = transitions.dates(date(2016, 5, 2), TERMS, extended_to=date(2016, 12, 31))
    assert prolonged.retention_until == date(2016, 12, 31)
    assert transitions.dates(date(2016, 5, 2), TERMS, extended_to=date(2016, 6, 1)).retention_until == date(
        2016, 8, 1
    )


def test_an_extension_is_read_off_the_dates_that_stand() -> None:
    plain = transitions.dates(date(2016, 5, 2), TERMS)
    assert transitions.extension(plain, TERMS) is None
    assert transitions.extension(CourseDates(), TERMS) is None
    longer = transitions.dates(date(2016, 5, 2), TERMS, extended_to=date(2016, 9, 9))
    assert transitions.extension(longer, TERMS) == date(2016, 9, 9)
