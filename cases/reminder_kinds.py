"""The reminders about courses (D33), computed for one day and all courses at once.

The rules are in `cases.rules`; this module fetches the rows and finds the recipients. Only a course that runs
on the day has reminders; the recipients are the function holders on that day.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Max, Model, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.models import Course, CourseFunction, FollowUpMeeting, FunctionHolding, MeetingState, MentorContact
from cases.rules import monthly_meeting, weekly_contact
from jobfirst.dates import DAY, DateSpan
from reminders import policy
from reminders.extension_points import Description, ReminderFact, ReminderKind
from reminders.models import SubjectType

Subjects = Collection[str] | None


@dataclass(frozen=True, slots=True)
class Running:
    """The fields of a running course that the rules need."""

    pk: int
    subject: str
    project: int
    started_on: datetime.date
    internship_from: datetime.date | None
    retention_until: datetime.date | None
    continued_from: datetime.date | None
    ended_on: datetime.date | None

    @property
    def follow_up(self) -> DateSpan:
        """The days of follow-up: to the end of the retention window, or of the course (D19)."""
        lasts = [day for day in (self.retention_until, self.ended_on) if day is not None]
        return DateSpan(self.started_on, min(lasts, default=None))


RowT = TypeVar("RowT", bound=Model)


def about(rows: QuerySet[RowT], subjects: Subjects) -> QuerySet[RowT]:
    """Return the rows of the named courses; all rows when no courses are named."""
    return rows if subjects is None else rows.filter(course__public_id__in=subjects)


def running(on: datetime.date, subjects: Subjects = None) -> list[Running]:
    """Return the courses that run on the day, limited to the named subjects if any; one query."""
    courses = Course.objects.running(on).order_by("pk")
    if subjects is not None:
        courses = courses.filter(public_id__in=subjects)
    return [
        Running(
            course.pk,
            str(course.public_id),
            course.project_id,
            course.started_on,
            course.internship_from,
            course.retention_until,
            course.continued_from,
            course.ended_on,
        )
        for course in courses.only(
            "public_id",
            "project_id",
            "started_on",
            "internship_from",
            "retention_until",
            "continued_from",
            "ended_on",
        )
    ]


def holders(on: datetime.date, *functions: str, subjects: Subjects = None) -> dict[int, list[int]]:
    """Return the holders of the functions on the day: user ids by course id; one query."""
    rows = FunctionHolding.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), function__in=functions, from_on__lte=on
    )
    holders_of_course: dict[int, list[int]] = defaultdict(list)
    for pk, user in (
        about(rows, subjects).values_list("course_id", "user_id").order_by("course_id", "function")
    ):
        holders_of_course[pk].append(user)
    return holders_of_course


def contact_missing(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33: to the mentor, from the terms' weekday (Thursday) of a week without contact; due that Sunday."""
    if on.isoweekday() < TrialTerms.objects.in_force_or_first(on).contact_weekday:
        return
    week = weekly_contact.week_of(on)
    contacts: dict[int, list[datetime.date]] = defaultdict(list)
    this_week = MentorContact.objects.counting().filter(held_on__range=(week.monday, on))
    for pk, held_on in about(this_week, subjects).values_list("course_id", "held_on").order_by():
        contacts[pk].append(held_on)
    mentors = holders(on, CourseFunction.MENTOR, subjects=subjects)
    for course in running(on, subjects):
        due = weekly_contact.week_due(course.follow_up, contacts.get(course.pk, ()), on=on)
        if due is not None:
            yield from (ReminderFact(course.subject, user, due.sunday) for user in mentors.get(course.pk, ()))


def contact_overdue(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33: to mentor and course owner, one per course, until the next contact.

    Due on the Sunday of the first week missed since the last contact. Only the last contact is fetched: the
    weeks before it make no difference.
    """
    until_now = MentorContact.objects.counting().filter(held_on__lte=on).order_by()
    last = dict(about(until_now, subjects).values_list("course_id").annotate(last=Max("held_on")))
    recipients = holders(on, CourseFunction.MENTOR, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course in running(on, subjects):
        contacts = [last[course.pk]] if course.pk in last else []
        week = weekly_contact.first_missed_since_last_contact(course.follow_up, contacts, on=on)
        if week is not None:
            yield from (
                ReminderFact(course.subject, user, week.sunday) for user in recipients.get(course.pk, ())
            )


def meetings_due(on: datetime.date, subjects: Subjects) -> Iterator[tuple[Running, datetime.date]]:
    """Return the courses with a monthly meeting to hold, and its due day (D18)."""
    interval = TrialTerms.objects.in_force_or_first(on).meeting_interval_days
    held = FollowUpMeeting.objects.filter(state=MeetingState.HELD, held_on__lte=on).order_by()
    last = dict(about(held, subjects).values_list("course_id").annotate(last=Max("held_on")))
    for course in running(on, subjects):
        meetings = [last[course.pk]] if course.pk in last else []
        due = monthly_meeting.next_meeting_due(course.follow_up, meetings, interval_days=interval)
        if due is not None:
            yield course, due


def meeting_not_booked(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33: to the course owner, from 7 days (a term) before the meeting is due up to that day.

    A meeting counts as booked when it is booked for the day or later, even after the due day. A booked
    meeting whose day has passed without being recorded as held does not count. After the due day
    `meeting_overdue` takes over.
    """
    lead = TrialTerms.objects.in_force_or_first(on).booking_lead_days * DAY
    rows = about(FollowUpMeeting.objects.filter(state=MeetingState.BOOKED), subjects).order_by()
    planned = rows.values_list("course_id", "planned_at")
    booked = {course for course, at in planned if at and timezone.localdate(at) >= on}
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course, due in meetings_due(on, subjects):
        if due - lead <= on <= due and course.pk not in booked:
            yield from (ReminderFact(course.subject, user, due) for user in owners.get(course.pk, ()))


def meeting_overdue(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33: to the course owner, from the day after the meeting was due until one is held."""
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course, due in meetings_due(on, subjects):
        if on > due:
            yield from (ReminderFact(course.subject, user, due) for user in owners.get(course.pk, ()))


def retention_ending(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33: to the course owner, in the last days (a term) of the retention window, its last day included."""
    lead = TrialTerms.objects.in_force_or_first(on).retention_lead_days * DAY
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course in running(on, subjects):
        end = course.retention_until
        if end is not None and end - lead <= on <= end:
            yield from (ReminderFact(course.subject, user, end) for user in owners.get(course.pk, ()))


def function_unfilled(on: datetime.date, subjects: Subjects = None) -> Iterator[ReminderFact]:
    """D33: to the project's leaders, while one of the four functions has no holder (D8).

    Due on the first day without a holder; functions unfilled since the same day share one reminder.
    """
    latest: dict[tuple[int, str], FunctionHolding] = {}
    holdings = FunctionHolding.objects.filter(from_on__lte=on).order_by("from_on")
    for holding in about(holdings, subjects).only("course_id", "function", "from_on", "until_on"):
        latest[holding.course_id, holding.function] = holding
    leaders = policy.project_leaders()
    for course in running(on, subjects):
        since = set()
        for function in CourseFunction.values:
            last = latest.get((course.pk, function))
            if last is None:
                since.add(course.started_on)
            elif last.until_on is not None and last.until_on < on:
                since.add(max(last.until_on + DAY, course.started_on))
        for day in since:
            yield from (ReminderFact(course.subject, user, day) for user in leaders.get(course.project, ()))


def describe_courses(public_ids: Collection[str]) -> dict[str, Description]:
    """Return the citizen's initials, and the pseudonym for the JSON, by the course's public id (D34); one
    query."""
    courses = Course.objects.filter(public_id__in=public_ids).select_related("citizen", "referral")
    return {
        str(course.public_id): Description(
            name=course.initials,
            full_name=course.citizen_name,
            citizen=course.citizen.public_id,
            keys={"citizen": course.citizen.pseudonym},
        )
        for course in courses
    }


def course_page(public_id: str) -> str:
    """The path of the course's page."""
    return reverse("cases:course", args=[public_id])


KINDS = (
    ReminderKind(
        "weekly_contact_missing",
        _("No contact with the citizen this week"),
        SubjectType.COURSE,
        contact_missing,
        course_page,
    ),
    ReminderKind(
        "weekly_contact_overdue",
        _("The weekly contact is overdue"),
        SubjectType.COURSE,
        contact_overdue,
        course_page,
    ),
    ReminderKind(
        "meeting_not_booked",
        _("The next follow-up meeting is not booked"),
        SubjectType.COURSE,
        meeting_not_booked,
        course_page,
    ),
    ReminderKind(
        "meeting_overdue",
        _("The follow-up meeting is overdue"),
        SubjectType.COURSE,
        meeting_overdue,
        course_page,
    ),
    ReminderKind(
        "retention_ending",
        _("The retention window is ending"),
        SubjectType.COURSE,
        retention_ending,
        course_page,
    ),
    ReminderKind(
        "function_unfilled",
        _("A function of the course has no holder"),
        SubjectType.COURSE,
        function_unfilled,
        course_page,
    ),
)
