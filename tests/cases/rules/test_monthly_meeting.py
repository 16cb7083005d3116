"""When the next monthly meeting is due (D18), by example."""

from datetime import date

from cases.rules.monthly_meeting import next_meeting_due
from jobfirst.dates import DateSpan


def meeting(started_on: date, end: date | None, held: list[date]) -> date | None:
    return next_meeting_due(DateSpan(started_on, end), held, interval_days=31)


def test_meetings_are_due_31_days_after_the_last_one() -> None:
    start = date(2016, 3, 1)
    assert meeting(start, None, []) == date(2016, 4, 1)
    assert meeting(start, None, [date(2016, 3, 20)]) == date(2016, 4, 20)
    assert meeting(start, None, [date(2016, 5, 2), date(2016, 3, 20)]) == date(2016, 6, 2)
    assert meeting(start, date(2016, 4, 1), []) == date(2016, 4, 1)
    assert meeting(start, date(2016, 3, 31), []) is None
