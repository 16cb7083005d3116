"""When the steering group is to meet: once in every whole quarter of the project (D33)."""

import datetime
from collections.abc import Collection, Iterator

from dateutil.relativedelta import relativedelta

from jobfirst.values.dates import DAY, DateSpan

MONTHS = 3


def quarter_of(day: datetime.date) -> DateSpan:
    """Return the calendar quarter of the day."""
    first = day.replace(month=day.month - (day.month - 1) % MONTHS, day=1)
    return DateSpan(first, first + relativedelta(months=MONTHS) - DAY)


def whole_quarters(project_days: DateSpan) -> Iterator[DateSpan]:
    """Yield the calendar quarters that lie wholly within the project's days, in order.

    A project that begins or ends within a quarter owes no meeting in it.
    """
    quarter = quarter_of(project_days.first)
    if quarter.first < project_days.first:
        quarter = quarter_of(quarter.last_day + DAY)
    while quarter.last_day <= project_days.last_day:
        yield quarter
        quarter = quarter_of(quarter.last_day + DAY)


def first_meeting_from(day: datetime.date, held: Collection[datetime.date]) -> datetime.date | None:
    """Return the first day from `day` on when a meeting was held, if there is one."""
    return min((meeting for meeting in held if meeting >= day), default=None)
