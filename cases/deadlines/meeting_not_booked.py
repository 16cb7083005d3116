"""The next monthly meeting is not booked: the course owner, in the days before it is due (D18, D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, meeting_days, of_courses, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction, FollowUpMeeting, MeetingState
from cases.rules.monthly_meeting import meetings_due
from jobfirst.values.dates import DAY, DateSpan
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.fact_cache import read_once
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(
    follow_up: DateSpan,
    held: Sequence[datetime.date],
    booked: Sequence[datetime.date],
    *,
    interval_days: int,
    lead_days: int,
) -> Iterator[DueDate]:
    """Yield each meeting due, shown from `lead_days` before up to its day while none is booked for it.

    Booked for it is a meeting on the day that one looks or later: one whose day has passed without being
    recorded as held is not, and one after the due day is. `held` and `booked` are days, in order.
    """
    last_booked = max(booked, default=None)
    for due_on, waiting in meetings_due(follow_up, held, interval_days=interval_days):
        first = max(due_on - lead_days * DAY, waiting.first)
        if last_booked is not None:
            first = max(first, last_booked + DAY)
        due_date = DueDate(due_on, first, waiting.until(due_on).last)
        if not due_date.is_empty:
            yield due_date


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    held, booked = meeting_days(keys), booked_days(keys)

    def of_course(course: CourseDays, terms: TrialTerms) -> Iterator[DueDate]:
        return due_dates(
            course.follow_up,
            held.get(course.pk, ()),
            booked.get(course.pk, ()),
            interval_days=terms.meeting_interval_days,
            lead_days=terms.booking_lead_days,
        )

    return owed_by(keys, KIND.code, of_course)


@read_once
def booked_days(keys: CourseKeys) -> dict[int, list[datetime.date]]:
    """Return the days of the booked meetings by course id; one query."""
    days: dict[int, list[datetime.date]] = defaultdict(list)
    booked = of_courses(FollowUpMeeting.objects.filter(state=MeetingState.BOOKED), keys).order_by()
    for course, planned_at in booked.values_list("course_id", "planned_at"):
        if planned_at is not None:
            days[course].append(timezone.localdate(planned_at))
    return days


KIND = DeadlineKind(
    code="meeting_not_booked",
    label=_("The next follow-up meeting is not booked"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.COURSE_OWNER,),
    find=find,
    link=section_of_page("meetings"),
    in_pause=InPause.SUSPENDED,
)
