"""What fills a course's days, and what does not: put together from placements and activities (D13, D22).

This is the lowest floor that knows both. Give it courses with `placements` and `activities` prefetched, and
it asks the database nothing.
"""

import datetime

from cases.models import Course
from cases.rules.gaps import Gap, Interval, empty_weeks, gaps
from cases.rules.weekly_contact import Week

_DAY = datetime.timedelta(days=1)


def filled(course: Course) -> list[Interval]:
    """The days that are filled: every placement to its last day, every activity that was not cancelled and
    is not said to have come to nothing."""
    placements = [Interval(one.starts_on, one.last_day) for one in course.placements.all()]
    activities = [
        Interval(line.starts_on, line.ends_on)
        for line in course.activities.all()
        if not line.cancelled and line.done is not False
    ]
    return placements + activities


def gaps_of(course: Course, *, until: datetime.date) -> tuple[Gap, ...]:
    """The gaps of the course from its start, up to a day or its end, whichever comes first (D22)."""
    last = until if course.ended_on is None else min(until, course.ended_on - _DAY)
    return gaps(filled(course), first=course.started_on, last=last)


def empty_weeks_of(course: Course, *, first: datetime.date, last: datetime.date) -> tuple[Week, ...]:
    """The weeks of the sniffing period between two days that have nothing planned (D13)."""
    ends = [day - _DAY for day in (course.internship_from, course.ended_on) if day is not None]
    return empty_weeks(
        filled(course),
        sniffing_from=course.started_on,
        sniffing_to=min(ends, default=None),
        first=first,
        last=last,
    )
