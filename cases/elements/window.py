"""The days from the course's start to the end of the retention window, for the core elements."""

from cases.deadlines.facts import CourseDays, terms_periods
from cases.rules.retention_window import retention_window_end
from jobfirst.values.dates import DateSpan, in_force_or_first


def support_window(course: CourseDays) -> DateSpan:
    """Return the days of follow-up as the rule gives them (D19): no plan for job prolongs them, and no end of
    the course shortens them.

    By the terms of the first internship day; without a last day before it.
    """
    first = course.internship_from
    if first is None:
        return DateSpan(course.started_on)
    terms = in_force_or_first([period.terms for period in terms_periods()], first)
    last = retention_window_end(first, weeks=terms.retention_weeks, months=terms.retention_months)
    return DateSpan(course.started_on, last)
