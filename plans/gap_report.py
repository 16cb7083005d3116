"""What fills a course's days, and what does not: put together from placements and activities (D13, D22).

This is the lowest floor that knows both. Give it courses with `placements` and `activities` prefetched, and
it asks the database nothing.
"""

import datetime

from cases.models import Course
from cases.rules.gaps import empty_weeks
from cases.rules.weekly_contact import Week
from jobfirst.dates import DAY, DateSpan


def filled(course: Course) -> list[DateSpan]:
    """Return the days that are filled, by every placement and every activity that counts."""
    placements = [placement.span for placement in course.placements.all()]
    return placements + [activity.span for activity in course.activities.all() if activity.fills_days]


def empty_weeks_of(course: Course, *, within: DateSpan) -> tuple[Week, ...]:
    """Return the weeks of the sniffing period within a span that have nothing planned (D13)."""
    sniffing = sniffing_span(course.started_on, course.internship_from, course.ended_on)
    return empty_weeks(filled(course), sniffing=sniffing, within=within)


def sniffing_span(
    started_on: datetime.date, internship_from: datetime.date | None, ended_on: datetime.date | None
) -> DateSpan:
    """Return the days of sniffing: until the internship phase or the course's end, whichever comes first."""
    lasts = [day - DAY for day in (internship_from, ended_on) if day is not None]
    return DateSpan(started_on, min(lasts, default=None))
