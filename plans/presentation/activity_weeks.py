"""The activity plan as weeks, from this week to that of the next monthly meeting (D13)."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import TrialTerms
from cases.models import Course, CoursePause, MeetingState
from cases.presentation.meetings import last_held_on
from cases.rules.gaps import empty_weeks
from cases.rules.weekly_contact import Week
from companies.models import Placement
from jobfirst.values.dates import DateSpan
from plans.deadlines import empty_week_ahead
from plans.models import ActivityLine
from plans.rules.period import next_meeting_day, planning_period, weeks_of
from plans.rules.sniffing import sniffing_span


@dataclass(frozen=True)
class PlanWeek:
    """A week of the plan with its lines and the placements that run in it.

    `is_empty`: it lies in the sniffing period and nothing is planned. `add_on` is the day of a new line: the
    first day that is neither past nor before the course; None when the week is over.
    """

    week: Week
    lines: Sequence[ActivityLine]
    placements: Sequence[Placement]
    is_empty: bool
    is_current: bool
    add_on: datetime.date | None

    @property
    def number(self) -> int:
        """The ISO number of the week."""
        return self.week.monday.isocalendar().week


def period_of(course: Course, on: datetime.date, terms: TrialTerms) -> DateSpan:
    """Return the weeks that the plan covers on a day. Reads `course.meetings`."""
    booked = [
        timezone.localdate(meeting.planned_at)
        for meeting in course.meetings.all()
        if meeting.state == MeetingState.BOOKED and meeting.planned_at is not None
    ]
    meeting_day = next_meeting_day(
        on,
        booked=min((day for day in booked if day >= on), default=None),
        last_held=last_held_on(course) or course.started_on,
        interval_days=terms.meeting_interval_days,
    )
    return planning_period(on, meeting_day)


def weeks_of_plan(
    course: Course,
    period: DateSpan,
    *,
    on: datetime.date,
    pauses: Iterable[CoursePause] = (),
    with_cancelled: bool = True,
) -> list[PlanWeek]:
    """Return the weeks of a period. Reads `course.activities` and `course.placements`; prefetch them."""
    lines = [line for line in course.activities.all() if with_cancelled or line.fills_days]
    placements = list(course.placements.all())
    empty = {week.monday for week in empty_weeks_of(course, within=period, pauses=pauses)}
    return [
        PlanWeek(
            week=week,
            lines=[line for line in lines if line.span.overlaps(week.span)],
            placements=[placement for placement in placements if placement.span.overlaps(week.span)],
            is_empty=week.monday in empty,
            is_current=on in week,
            add_on=None if week.sunday < on else max(week.monday, on, course.started_on),
        )
        for week in weeks_of(period)
    ]


def empty_weeks_of(
    course: Course, *, within: DateSpan, pauses: Iterable[CoursePause] = ()
) -> tuple[Week, ...]:
    """Return the weeks of the sniffing period within a span that have nothing planned (D13), as the deadline
    of that kind: a pause that suspends it fills its days.

    Reads `course.placements` and `course.activities`; prefetch them.
    """
    spans = [placement.span for placement in course.placements.all()]
    spans += [activity.span for activity in course.activities.all() if activity.fills_days]
    spans += [pause.span for pause in pauses if empty_week_ahead.KIND.code in pause.suspended]
    sniffing = sniffing_span(course.started_on, course.internship_from, course.ended_on)
    return empty_weeks(spans, sniffing=sniffing, within=within)
