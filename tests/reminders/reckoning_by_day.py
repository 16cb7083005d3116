"""What is owed, reckoned day by day: a second reckoning of D33 that shares no code with the deadlines.

Each function finds, for one day, every fact of its kind as it stands then. The stored deadlines must say the
same on every day.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeVar

from django.db.models import Count, Exists, Max, Model, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Membership, Project, TrialTerms
from accounts.roles import Role
from cases.models import (
    Course,
    CourseFunction,
    CoursePause,
    FollowUpMeeting,
    FunctionHolding,
    MeetingState,
    MentorContact,
)
from cases.rules.gaps import empty_weeks
from cases.rules.weekly_contact import Week, first_contact_week, week_of, weeks_from
from companies.models import AgreementState, Placement, PlacementKind, WorkAgreement
from evaluation.rules.enrolment import is_behind
from jobfirst.dates import DAY, DateSpan
from plans.models import ActivityLine, PlanForJob
from plans.rules.sniffing import sniffing_span
from progression.models import AnswerSheet
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Allocation

Subjects = Collection[str] | None


def contact_weeks(follow_up: DateSpan, *, through: datetime.date) -> tuple[Week, ...]:
    """Return the weeks that need a contact (D17): those whose Monday lies in the follow-up.

    The week of `through` is the last one.
    """
    owed = follow_up.until(through)
    return tuple(takewhile(lambda week: week.monday in owed, weeks_from(first_contact_week(follow_up))))


def missed_weeks(
    follow_up: DateSpan,
    contacts: Collection[datetime.date],
    *,
    on: datetime.date,
    pauses: Collection[DateSpan] = (),
) -> tuple[Week, ...]:
    """Return the weeks that are over on the day (their Sunday has passed) without a contact.

    A week of which every day from Thursday to Sunday lies in a pause owes none (D50).
    """
    held = _weeks_with(contacts, on)
    weeks = contact_weeks(follow_up, through=on)
    return tuple(
        week for week in weeks if week.sunday < on and week not in held and not is_paused(week, pauses)
    )


def is_paused(week: Week, pauses: Collection[DateSpan]) -> bool:
    """Whether every day from Thursday to Sunday lies in one of the pauses."""
    return all(any(week.monday + number * DAY in pause for pause in pauses) for number in range(3, 7))


def week_due(follow_up: DateSpan, contacts: Collection[datetime.date], *, on: datetime.date) -> Week | None:
    """Return the current week when it needs a contact and has none yet; due on its Sunday."""
    week = week_of(on)
    if week not in contact_weeks(follow_up, through=on) or week in _weeks_with(contacts, on):
        return None
    return week


def first_missed_since_last_contact(
    follow_up: DateSpan,
    contacts: Collection[datetime.date],
    *,
    on: datetime.date,
    pauses: Collection[DateSpan] = (),
) -> Week | None:
    """Return the first week missed after the last contact: the start of "weekly contact overdue" (D33).

    None when there has been a contact since the last missed week: a contact closes all earlier misses.
    """
    last = max((day for day in contacts if day <= on), default=None)
    for week in missed_weeks(follow_up, contacts, on=on, pauses=pauses):
        if last is None or week.monday > last:
            return week
    return None


def _weeks_with(contacts: Collection[datetime.date], on: datetime.date) -> set[Week]:
    return {week_of(day) for day in contacts if day <= on}


def next_meeting_due(
    follow_up: DateSpan, held: Collection[datetime.date], *, interval_days: int
) -> datetime.date | None:
    """Return when the next monthly meeting is due (D18); None when that is after the end of follow-up.

    Due `interval_days` after the last held meeting; the first one, after the course's start.
    """
    last = max((day for day in held if day >= follow_up.first), default=follow_up.first)
    due = last + interval_days * DAY
    return due if due in follow_up else None


@dataclass(frozen=True, slots=True)
class Fact:
    """That a recipient (a user's id) is to be told about a subject; due on that day."""

    subject: str
    recipient_id: int
    due_on: datetime.date


def project_leaders() -> dict[int, list[int]]:
    """The leaders' user ids of every project, by project id."""
    leaders: dict[int, list[int]] = defaultdict(list)
    rows = Membership.objects.filter(role=Role.PROJECT_LEADER, project__isnull=False, user__is_active=True)
    for project, user in rows.values_list("project_id", "user_id"):
        leaders[project].append(user)
    return leaders


@dataclass(frozen=True, slots=True)
class Running:
    """What the finders need of a running course."""

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
        """The days on which follow-up is owed: to the end of the retention window, or of the course (D19)."""
        lasts = [day for day in (self.retention_until, self.ended_on) if day is not None]
        return DateSpan(self.started_on, min(lasts, default=None))


RowT = TypeVar("RowT", bound=Model)


def about(rows: QuerySet[RowT], subjects: Subjects) -> QuerySet[RowT]:
    """Of rows that belong to courses those of the named subjects; all of them when none are named."""
    return rows if subjects is None else rows.filter(course__public_id__in=subjects)


def running(on: datetime.date, subjects: Subjects = None) -> list[Running]:
    """The courses that run on the day, those of the subjects if any are named; one query."""
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
    """Who holds one of the functions on the day: user ids by course id; one query."""
    rows = FunctionHolding.objects.filter(
        Q(until_on__isnull=True) | Q(until_on__gte=on), function__in=functions, from_on__lte=on
    )
    holders_of_course: dict[int, list[int]] = defaultdict(list)
    for pk, user in (
        about(rows, subjects).values_list("course_id", "user_id").order_by("course_id", "function")
    ):
        holders_of_course[pk].append(user)
    return holders_of_course


def pauses_of(kind: str, subjects: Subjects) -> dict[int, list[DateSpan]]:
    """The pauses that suspend the kind (D50), by course id."""
    pauses: dict[int, list[DateSpan]] = defaultdict(list)
    for pause in about(CoursePause.objects.filter(suspended__contains=[kind]), subjects):
        pauses[pause.course_id].append(DateSpan(pause.starts_on, pause.ends_on))
    return pauses


def contact_missing(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the mentor, from the terms' weekday (Thursday) of a week without contact, due that Sunday."""
    if on.isoweekday() < TrialTerms.objects.in_force_or_first(on).contact_weekday:
        return
    week = week_of(on)
    contacts: dict[int, list[datetime.date]] = defaultdict(list)
    this_week = MentorContact.objects.counting().filter(held_on__range=(week.monday, on))
    for pk, held_on in about(this_week, subjects).values_list("course_id", "held_on").order_by():
        contacts[pk].append(held_on)
    mentors = holders(on, CourseFunction.MENTOR, subjects=subjects)
    pauses = pauses_of("weekly_contact_missing", subjects)
    for course in running(on, subjects):
        if is_paused(week, pauses[course.pk]):
            continue
        due = week_due(course.follow_up, contacts.get(course.pk, ()), on=on)
        if due is not None:
            yield from (Fact(course.subject, user, due.sunday) for user in mentors.get(course.pk, ()))


def contact_overdue(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: mentor and course owner, one per course, due on the Sunday of the first week missed since the
    last contact, until the next contact. The last contact is all that needs fetching: weeks before it are
    not asked about."""
    until_now = MentorContact.objects.counting().filter(held_on__lte=on).order_by()
    last = dict(about(until_now, subjects).values_list("course_id").annotate(last=Max("held_on")))
    recipients = holders(on, CourseFunction.MENTOR, CourseFunction.COURSE_OWNER, subjects=subjects)
    pauses = pauses_of("weekly_contact_overdue", subjects)
    for course in running(on, subjects):
        contacts = [last[course.pk]] if course.pk in last else []
        week = first_missed_since_last_contact(course.follow_up, contacts, on=on, pauses=pauses[course.pk])
        if week is not None:
            yield from (Fact(course.subject, user, week.sunday) for user in recipients.get(course.pk, ()))


def failed_rows(
    on: datetime.date, subjects: Subjects
) -> Iterator[tuple[Running, int, list[tuple[datetime.date, set[str]]]]]:
    """The running courses with the number of the terms, and each attempt since the last contact: its day, and
    the channels stated until then."""
    most = TrialTerms.objects.in_force_or_first(on).failed_attempts
    contacts = about(MentorContact.objects.filter(held_on__lte=on), subjects)
    by_course = defaultdict(list)
    for contact in contacts.order_by("held_on", "pk"):
        by_course[contact.course_id].append(contact)
    for course in running(on, subjects):
        rows = by_course.get(course.pk, [])
        reached = [contact.held_on for contact in rows if contact.citizen_present]
        channels: set[str] = set()
        attempts = []
        for contact in rows:
            if not contact.citizen_present and not (reached and contact.held_on <= max(reached)):
                channels = channels | ({contact.channel} - {"unknown"})
                attempts.append((contact.held_on, channels))
        yield course, most, attempts


def other_channel_due(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D49: the mentor, when the attempts in a row have reached the number of the terms by fewer than two
    channels. Due on the day of the attempt that reached it."""
    mentors = holders(on, CourseFunction.MENTOR, subjects=subjects)
    for course, most, attempts in failed_rows(on, subjects):
        if len(attempts) >= most and len(attempts[-1][1]) < 2:
            due = attempts[most - 1][0]
            yield from (Fact(course.subject, user, due) for user in mentors.get(course.pk, ()))


def contact_lost(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D49: the leaders and the course owner, when that many attempts in a row have failed by two channels, or
    twice as many. Due on the day on which that was so first."""
    leaders = project_leaders()
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course, most, attempts in failed_rows(on, subjects):
        days = [
            day
            for number, (day, channels) in enumerate(attempts, 1)
            if (number >= most and len(channels) >= 2) or number >= 2 * most
        ]
        if days:
            recipients = {*leaders.get(course.project, ()), *owners.get(course.pk, ())}
            yield from (Fact(course.subject, user, days[0]) for user in recipients)


def meetings_due(on: datetime.date, subjects: Subjects) -> Iterator[tuple[Running, datetime.date]]:
    """The courses that owe a monthly meeting, and when it is due (D18)."""
    interval = TrialTerms.objects.in_force_or_first(on).meeting_interval_days
    held = FollowUpMeeting.objects.filter(state=MeetingState.HELD, held_on__lte=on).order_by()
    last = dict(about(held, subjects).values_list("course_id").annotate(last=Max("held_on")))
    for course in running(on, subjects):
        meetings = [last[course.pk]] if course.pk in last else []
        due = next_meeting_due(course.follow_up, meetings, interval_days=interval)
        if due is not None:
            yield course, due


def meeting_not_booked(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the course owner, from 7 days (a term) before the meeting is due up to that day.

    Booked for it is a meeting on the day or later. One whose day has passed without being recorded as held
    is not; one after the due date is, and `meeting_overdue` takes over when that date has passed.
    """
    lead = TrialTerms.objects.in_force_or_first(on).booking_lead_days * DAY
    rows = about(FollowUpMeeting.objects.filter(state=MeetingState.BOOKED), subjects).order_by()
    planned = rows.values_list("course_id", "planned_at")
    booked = {course for course, at in planned if at and timezone.localdate(at) >= on}
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course, due in meetings_due(on, subjects):
        if due - lead <= on <= due and course.pk not in booked:
            yield from (Fact(course.subject, user, due) for user in owners.get(course.pk, ()))


def meeting_overdue(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the course owner, from the day after the meeting was due until one is held."""
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course, due in meetings_due(on, subjects):
        if on > due:
            yield from (Fact(course.subject, user, due) for user in owners.get(course.pk, ()))


def progression_missing(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the mentor, from 7 days (a term) before the next meeting until there are answers since the last.

    The meeting's day is that of the next one held or booked; without one, the day on which it is due (D18).
    """
    terms = TrialTerms.objects.in_force_or_first(on)
    held, booked, answered = defaultdict(list), defaultdict(list), defaultdict(list)
    for meeting in about(FollowUpMeeting.objects.all(), subjects):
        if meeting.state == MeetingState.HELD:
            held[meeting.course_id].append(meeting.held_on)
        if meeting.state == MeetingState.BOOKED:
            booked[meeting.course_id].append(timezone.localdate(meeting.planned_at))
    sheets = about(AnswerSheet.objects.filter(state="finished", answered_on__lte=on), subjects)
    for sheet in sheets.filter(answers__rater__in=["citizen", "mentor"]):
        answered[sheet.course_id].append(sheet.answered_on)
    mentors = holders(on, CourseFunction.MENTOR, subjects=subjects)
    for course in running(on, subjects):
        span = course.follow_up
        meetings = [day for day in held[course.pk] if span.first <= day <= on]
        last = max(meetings, default=span.first)
        since = last + DAY if meetings else last
        ahead = [day for day in (*held[course.pk], *booked[course.pk]) if day >= since and day in span]
        due = min(ahead, default=last + terms.meeting_interval_days * DAY)
        has_answers = any(day >= since for day in answered[course.pk])
        if due in span and not has_answers and on >= due - terms.progression_lead_days * DAY:
            yield from (Fact(course.subject, user, due) for user in mentors.get(course.pk, ()))


def retention_ending(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the course owner, in the last days (a term) of the retention window, its last day included."""
    lead = TrialTerms.objects.in_force_or_first(on).retention_lead_days * DAY
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course in running(on, subjects):
        end = course.retention_until
        if end is not None and end - lead <= on <= end:
            yield from (Fact(course.subject, user, end) for user in owners.get(course.pk, ()))


def function_unfilled(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the project's leaders, while one of the four functions has no holder (D8). Due on the first day
    without one: functions without a holder since the same day are one reminder."""
    latest: dict[tuple[int, str], FunctionHolding] = {}
    holdings = FunctionHolding.objects.filter(from_on__lte=on).order_by("from_on")
    for holding in about(holdings, subjects).only("course_id", "function", "from_on", "until_on"):
        latest[holding.course_id, holding.function] = holding
    leaders = project_leaders()
    for course in running(on, subjects):
        since = set()
        for function in CourseFunction.values:
            last = latest.get((course.pk, function))
            if last is None:
                since.add(course.started_on)
            elif last.until_on is not None and last.until_on < on:
                since.add(max(last.until_on + DAY, course.started_on))
        for day in since:
            yield from (Fact(course.subject, user, day) for user in leaders.get(course.project, ()))


def agreement_ending(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the job consultant, while an internship, or a placement with a work agreement, is planned to end
    within 14 days (a term), the last day included, and nothing renews it. Due on its last day."""
    agreements = WorkAgreement.objects.filter(placement=OuterRef("pk")).exclude(state=AgreementState.REPLACED)
    ending = Placement.objects.ending(
        on, on + TrialTerms.objects.in_force_or_first(on).agreement_lead_days * DAY
    ).filter(Q(kind=PlacementKind.INTERNSHIP) | Exists(agreements))
    ends: dict[int, set[datetime.date]] = {}
    for course_id, last in about(ending, subjects).values_list("course_id", "planned_end_on").order_by():
        if last is not None:
            ends.setdefault(course_id, set()).add(last)
    consultants = holders(on, CourseFunction.JOB_CONSULTANT, subjects=subjects)
    for course in running(on, subjects):
        for last in ends.get(course.pk, ()):
            yield from (Fact(course.subject, user, last) for user in consultants.get(course.pk, ()))


def plan_for_job_due(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the course owner, from 14 days (a term) before the last day of the first weeks of internship (a
    term), on which it is due (D21), until a plan is made."""
    lead = TrialTerms.objects.in_force_or_first(on).plan_lead_days * DAY
    plans = about(PlanForJob.objects.filter(made_on__lte=on), subjects)
    planned = set(plans.values_list("course_id", flat=True).order_by())
    owners = holders(on, CourseFunction.COURSE_OWNER, subjects=subjects)
    for course in running(on, subjects):
        if course.continued_from is None or course.pk in planned:
            continue
        due = course.continued_from - DAY
        if on >= due - lead:
            yield from (Fact(course.subject, user, due) for user in owners.get(course.pk, ()))


def empty_week_ahead(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33, D13: the job consultant, for every week of the sniffing period that begins within the next 7 days
    (a term) and has nothing planned. Due on its Monday, before which it can still be filled."""
    last = on + TrialTerms.objects.in_force_or_first(on).empty_week_lead_days * DAY
    filled: dict[int, list[DateSpan]] = defaultdict(list)
    lines = ActivityLine.objects.filter(cancelled=False, ends_on__gt=on, starts_on__lte=last + 6 * DAY)
    lines = about(lines, subjects).order_by()
    for activity in lines.only("course_id", "starts_on", "ends_on"):
        filled[activity.course_id].append(activity.span)
    placements = Placement.objects.alias(last=Coalesce("ended_on", "planned_end_on"))
    placements = placements.filter(Q(last__isnull=True) | Q(last__gt=on), starts_on__lte=last + 6 * DAY)
    present = about(placements, subjects).order_by()
    for placement in present.only("course_id", "starts_on", "ended_on", "planned_end_on"):
        filled[placement.course_id].append(placement.span)
    for pk, spans in pauses_of("empty_week_ahead", subjects).items():
        filled[pk] += spans
    consultants = holders(on, CourseFunction.JOB_CONSULTANT, subjects=subjects)
    for course in running(on, subjects):
        weeks = empty_weeks(
            filled.get(course.pk, ()),
            sniffing=sniffing_span(course.started_on, course.internship_from, course.ended_on),
            within=DateSpan(on, last),
        )
        for week in weeks:
            if week.monday > on:
                yield from (
                    Fact(course.subject, user, week.monday) for user in consultants.get(course.pk, ())
                )


def enrolment_behind(on: datetime.date, subjects: Collection[str] | None = None) -> Iterator[Fact]:
    """D33: the project's leaders, while fewer participants are drawn than an even pace towards the target
    count would have, less a slack (a term). Due on the last day of enrolment (D3), after which it ends."""
    slack = TrialTerms.objects.in_force_or_first(on).enrolment_slack_percent
    drawn = Allocation.objects.participants().filter(allocated_on__lte=on).order_by()
    enrolled = dict(drawn.values_list("project_id").annotate(count=Count("pk")))
    leaders = project_leaders()
    projects = Project.objects.filter(starts_on__lte=on)
    if subjects is not None:
        projects = projects.filter(slug__in=subjects)
    last_days = last_days_of_draw(projects)
    for project in projects:
        span = DateSpan(project.starts_on, last_days[project.pk])
        if on in span and is_behind(
            enrolled.get(project.pk, 0), project.target_count, span=span, on=on, slack_percent=slack
        ):
            recipients = leaders.get(project.pk, ())
            yield from (Fact(project.slug, user, last_days[project.pk]) for user in recipients)


KINDS = {
    "weekly_contact_missing": contact_missing,
    "weekly_contact_overdue": contact_overdue,
    "other_channel_due": other_channel_due,
    "contact_lost": contact_lost,
    "meeting_not_booked": meeting_not_booked,
    "meeting_overdue": meeting_overdue,
    "progression_missing": progression_missing,
    "retention_ending": retention_ending,
    "function_unfilled": function_unfilled,
    "agreement_ending": agreement_ending,
    "plan_for_job_due": plan_for_job_due,
    "empty_week_ahead": empty_week_ahead,
    "enrolment_behind": enrolment_behind,
}


def facts_on(kind: str, on: datetime.date) -> Iterator[Fact]:
    """All facts of the kind on the day, without those of courses whose pause suspends the kind then (D50)."""
    paused = {
        str(pause.course.public_id)
        for pause in CoursePause.objects.filter(suspended__contains=[kind], starts_on__lte=on)
        if pause.ends_on is None or pause.ends_on >= on
    }
    return (fact for fact in KINDS[kind](on) if fact.subject not in paused)
