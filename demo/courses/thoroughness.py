"""Courses of the demo that keep to the method: every working day filled, every contact and meeting in time.

The other courses show what is missed; with these some meet all nine core elements (D7). No random numbers are
used: the rest of the demo stays the same.
"""

import datetime
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from cases.models import Course, CourseFunction, FollowUpMeeting, MentorContact
from cases.rules.weekly_contact import week_of
from companies.models import Placement
from demo.workdays import at_ten, workday_before
from jobfirst.values.dates import DAY, WEEK, DateSpan
from plans.models import ActivityKind, ActivityLine

if TYPE_CHECKING:
    from demo.courses.history import CourseHistory

SHARE = 3  # one course in so many


def is_thorough(course: Course) -> bool:
    """Whether the course is one of those."""
    return course.referral.public_id.int % SHARE == 0


def keep_to_the_method(histories: Iterable["CourseHistory"]) -> None:
    """Complete the thorough courses."""
    for history in histories:
        if is_thorough(history.course):
            _fill_weeks(history)
            until = min(history.last_day(), history.course.retention_until or history.last_day())
            _call_each_week(history, until)
            _meet_in_time(history, until)


def _fill_weeks(history: "CourseHistory") -> None:
    """Let the activities fill their weeks, with one in each week of the sniffing period."""
    course = history.course
    activities: list[ActivityLine] = history.rows[ActivityLine]
    taken: list[DateSpan] = [placement.span for placement in history.rows[Placement]]
    for activity in activities:
        monday = week_of(activity.starts_on).monday
        week = DateSpan(max(course.started_on, monday), monday + 4 * DAY)
        if not week.is_empty:  # a course drawn on a Saturday
            activity.starts_on, activity.ends_on = week.first, week.last_day
            activity.done = True if activity.ends_on < history.on else None
        taken.append(activity.span)
    last = (course.internship_from or course.ended_on or history.on + 2 * WEEK) - DAY
    for monday in _mondays(course.started_on, last):
        week = DateSpan(max(course.started_on, monday), monday + 4 * DAY)
        if not week.is_empty and not any(span.overlaps(week) for span in taken):
            activities.append(_visit(history, week))


def _visit(history: "CourseHistory", week: DateSpan) -> ActivityLine:
    company = history.workplaces[week.first.toordinal() % len(history.workplaces)].company
    return ActivityLine(
        public_id=_id(history, f"visit {week.first}"),
        course=history.course,
        kind=ActivityKind.VISIT,
        what="Besøg på virksomheden",
        where=company.name,
        who=f"Borgeren og {history.people[CourseFunction.MENTOR].name}",
        company=company,
        starts_on=week.first,
        ends_on=week.last_day,
        done=True if week.last_day < history.on else None,
    )


def _call_each_week(history: "CourseHistory", until: datetime.date) -> None:
    """Add a contact in each week that has none and is over, up to the end of the retention window."""
    contacts: list[MentorContact] = history.rows[MentorContact]
    called = {week_of(contact.held_on) for contact in contacts}
    for monday in _mondays(history.course.started_on, until):
        held_on = max(monday + 2 * DAY, history.course.started_on)
        if week_of(monday) not in called and held_on <= history.last_day():
            contacts.append(
                MentorContact(
                    public_id=_id(history, f"contact {held_on}"),
                    course=history.course,
                    held_on=held_on,
                    channel="phone",
                    registered_by=history.people[CourseFunction.MENTOR],
                )
            )


def _meet_in_time(history: "CourseHistory", until: datetime.date) -> None:
    """Hold a meeting at the latest every month, instead of those that were planned up to the day."""
    meetings: list[FollowUpMeeting] = history.rows[FollowUpMeeting]
    meetings[:] = [meeting for meeting in meetings if meeting.state == "booked"]
    day = history.course.started_on + (history.terms.meeting_interval_days - 3) * DAY
    while day <= until:
        meetings.append(
            FollowUpMeeting(
                public_id=_id(history, f"meeting {day}"),
                course=history.course,
                planned_at=at_ten(workday_before(day)),
                state="held",
                held_on=workday_before(day),
                citizen_present=True,
                summary="Gennemgik CV og jobmål. Aftalte næste skridt.",
                registered_by=history.people[CourseFunction.COURSE_OWNER],
            )
        )
        day += (history.terms.meeting_interval_days - 3) * DAY


def _mondays(first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """Return the Mondays of the weeks from a day to another."""
    monday = week_of(first).monday
    return [monday + number * WEEK for number in range((last - monday).days // 7 + 1)]


def _id(history: "CourseHistory", name: str) -> uuid.UUID:
    return uuid.uuid5(history.course.referral.public_id, name)
