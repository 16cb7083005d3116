"""Booked follow-up meetings as appointments in the calendars of those who attend (D9, D18)."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext as _

from accounts.models import User
from cases.extension_points import section_url
from cases.models import Course, FollowUpMeeting, MeetingState
from jobfirst import clock
from jobfirst.values.dates import DateSpan
from reminders.extension_points import CalendarEvent
from reminders.models import SubjectType

LENGTH = datetime.timedelta(hours=1)


def booked_meetings(user: User, span: DateSpan) -> Iterator[CalendarEvent]:
    """Yield the booked meetings of the span in courses where the user has a function; one query."""
    courses = Course.objects.held_by(user).running(clock.today())
    meetings = FollowUpMeeting.objects.filter(
        course__in=courses,
        state=MeetingState.BOOKED,
        planned_at__date__gte=span.first,
        planned_at__date__lte=span.last_day,
    ).select_related("course")
    for meeting in meetings:
        if meeting.planned_at is not None:
            yield CalendarEvent(
                key=f"meeting {meeting.public_id}",
                subject_type=SubjectType.COURSE,
                subject=str(meeting.course.public_id),
                label=_("Follow-up meeting"),
                path=section_url(meeting.course.public_id, "meetings"),
                begins=meeting.planned_at,
                length=LENGTH,
            )
