"""A week ahead has no activity: the job consultant, in the days before its Monday (D13, D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, of_courses, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from cases.rules.gaps import empty_weeks
from cases.rules.weekly_contact import Week, week_of
from companies.placement_facts import placements_of
from jobfirst.values.dates import DAY, WEEK, DateSpan
from plans.models import ActivityLine
from plans.rules.sniffing import sniffing_span
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.fact_cache import read_once
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate, weekly


def due_dates(sniffing: DateSpan, planned: Sequence[DateSpan], *, lead_days: int) -> Iterator[DueDate]:
    """Yield the empty weeks of the sniffing period, due on their Monday, shown in the days before it.

    1. Up to the last day that anything is planned, the weeks are looked at one by one; weeks that follow one
       another are one series.
    2. After it every week is empty: a series that goes on as long as the sniffing period does.
    """
    if sniffing.is_empty:
        return
    lasts = [span.last or span.first for span in planned]
    last_known = max([sniffing.first, *lasts]) + WEEK
    known = sniffing.until(last_known)
    mondays = [week.monday for week in empty_weeks(planned, sniffing=sniffing, within=known)]
    goes_on = (
        bool(mondays)
        and mondays[-1] == week_of(last_known).monday
        and (sniffing.last is None or sniffing.last > last_known)
    )
    for _number, run in groupby(enumerate(mondays), lambda pair: pair[1] - pair[0] * WEEK):
        days = [monday for _index, monday in run]
        last: datetime.date | None = days[-1]
        if goes_on and last == mondays[-1]:
            last = None if sniffing.last is None else _last_week(sniffing).monday
        yield from weekly(
            days[0], shown_from=days[0] - lead_days * DAY, shown_days=lead_days, last_due_on=last
        )


def _last_week(sniffing: DateSpan) -> Week:
    """Return the last week with a working day of the period, which has a last day."""
    (*_weeks, last) = empty_weeks(
        (), sniffing=sniffing, within=DateSpan(sniffing.last_day - 2 * WEEK, sniffing.last_day)
    )
    return last


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe; what is planned are activities that stand, and placements of every kind.

    A pause that suspends the kind fills its days as well (D50).
    """
    planned = _planned_days(keys)

    def of_course(course: CourseDays, terms: TrialTerms) -> Iterator[DueDate]:
        sniffing = sniffing_span(course.started_on, course.internship_from, course.ended_on)
        spans = [*planned.get(course.pk, ()), *course.paused(KIND.code)]
        return due_dates(sniffing, spans, lead_days=terms.empty_week_lead_days)

    return owed_by(keys, KIND.code, of_course)


def _planned_days(keys: CourseKeys) -> dict[int, list[DateSpan]]:
    """Return the days that are filled, by course id; two queries."""
    planned: dict[int, list[DateSpan]] = defaultdict(list)
    for activity in activities_of(keys):
        if activity.fills_days:
            planned[activity.course_id].append(activity.span)
    for placement in placements_of(keys):
        planned[placement.course_id].append(placement.span)
    return planned


@read_once
def activities_of(keys: CourseKeys) -> list[ActivityLine]:
    """Return the activities of the courses; one query."""
    return list(of_courses(ActivityLine.objects.order_by(), keys))


KIND = DeadlineKind(
    code="empty_week_ahead",
    label=_("A week ahead has no activity"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.JOB_CONSULTANT,),
    find=find,
    link=section_of_page("activities"),
    in_pause=InPause.SUSPENDED,
)
