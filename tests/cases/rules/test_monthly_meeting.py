"""When the next monthly meeting is due (D18), by example."""

from datetime import date

from cases.rules.monthly_meeting import meetings_due
from jobfirst.values.dates import DAY, DateSpan

START = date(2016, 3, 1)


def meetings(end: date | None, held: list[date]) -> list[date]:
    return [meeting.due_on for meeting in meetings_due(DateSpan(START, end), held, interval_days=31)]


def test_the_first_meeting_is_due_31_days_after_the_start() -> None:
    assert meetings(None, []) == [date(2016, 4, 1)]


def test_meetings_are_due_31_days_after_the_last_one() -> None:
    held = [date(2016, 3, 20), date(2016, 5, 2)]
    assert meetings(None, held) == [date(2016, 4, 1), date(2016, 4, 20), date(2016, 6, 2)]


def test_none_is_due_after_the_follow_up() -> None:
    assert meetings(date(2016, 4, 1), []) == [date(2016, 4, 1)]
    assert meetings(date(2016, 3, 31), []) == []


def test_a_meeting_waits_until_the_day_before_one_is_held() -> None:
    held = date(2016, 3, 20)
    first, second = meetings_due(DateSpan(START), [held], interval_days=31)
    assert first.waiting == DateSpan(START, held - DAY)
    assert second.waiting == DateSpan(held)
