"""What is owed, reckoned day by day: a second reckoning of D33.

Each function finds, for one day, every fact of its kind as it stands then. The stored deadlines must say the
same on every day.

It shares no rule with the deadlines, except these, which have tests of their own: whether enrolment is behind
(`is_behind`) and its last days (`last_days_of_draw`), and which days are working days (`is_working_day`). It
shares the values `Week` and `DateSpan`, and the querysets of the models.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import partial

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Project, TrialTerms
from cases.models import (
    CourseFunction,
    CoursePause,
    FollowUpMeeting,
    FunctionHolding,
    MeetingDecision,
    MeetingState,
)
from companies.models import AgreementState, Placement, PlacementKind, WorkAgreement
from evaluation.models import SteeringMeeting
from evaluation.rules.enrolment import is_behind
from jobfirst.values.dates import DAY, DateSpan
from jobfirst.values.working_days import is_working_day
from plans.models import ActivityLine, PlanForJob
from progression.models import AnswerSheet
from randomization.draw.enrolment import last_days_of_draw
from randomization.models import Allocation
from tests.reminders.reckoned_contacts import (
    contact_lost,
    contact_missing,
    contact_overdue,
    other_channel_due,
)
from tests.reminders.reckoned_courses import (
    Fact,
    Running,
    Subjects,
    about,
    holders,
    pauses_of,
    project_leaders,
    running,
)


def next_meeting_due(
    follow_up: DateSpan, held: Collection[datetime.date], *, interval_days: int
) -> datetime.date | None:
    """Return when the next monthly meeting is due (D18); None when that is after the end of follow-up.

    Due `interval_days` after the last held meeting; the first one, after the course's start.
    """
    last = max((day for day in held if day >= follow_up.first), default=follow_up.first)
    due = last + interval_days * DAY
    return due if due in follow_up else None


def meetings_due(on: datetime.date, subjects: Subjects) -> Iterator[tuple[Running, datetime.date]]:
    """The courses that owe a monthly meeting, and when it is due (D18)."""
    interval = TrialTerms.objects.in_force_or_first(on).meeting_interval_days
    held = FollowUpMeeting.objects.filter(state=MeetingState.HELD, citizen_was_absent=False)
    held = held.annotate(day=Coalesce("corrected_on", "held_on")).filter(day__lte=on).order_by()
    last = dict(about(held, subjects).values_list("course_id").annotate(last=Max("day")))
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
        if meeting.state == MeetingState.HELD and not meeting.citizen_was_absent:
            held[meeting.course_id].append(meeting.corrected_on or meeting.held_on)
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


def annex_missing(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D33: the mentor, while company or citizen has not answered the annex before the next meeting.

    From 10 days (a term) before it on, and a week (a term) later when the company can be written to. Only
    placements without renewals have work agreements here.
    """
    terms = TrialTerms.objects.in_force_or_first(on)
    held, booked, agreed = defaultdict(list), defaultdict(list), defaultdict(list)
    for meeting in about(FollowUpMeeting.objects.all(), subjects):
        if meeting.state == MeetingState.HELD and not meeting.citizen_was_absent:
            held[meeting.course_id].append(meeting.corrected_on or meeting.held_on)
        if meeting.state == MeetingState.BOOKED:
            booked[meeting.course_id].append(timezone.localdate(meeting.planned_at))
    for placement in about(Placement.objects.filter(agreements__isnull=False), subjects).distinct():
        agreed[placement.course_id].append(placement)
    mentors = holders(on, CourseFunction.MENTOR, subjects=subjects)
    for course in running(on, subjects):
        span = course.follow_up
        meetings = [day for day in held[course.pk] if span.first <= day <= on]
        last = max(meetings, default=span.first)
        since = last + DAY if meetings else last
        ahead = [day for day in (*held[course.pk], *booked[course.pk]) if day >= since and day in span]
        due = min(ahead, default=last + terms.meeting_interval_days * DAY)
        held_next = min((day for day in held[course.pk] if day >= since), default=None)
        days = {annex_due(row, on, held_next or due, since, terms, held_next) for row in agreed[course.pk]}
        for day in days - {None}:
            if day in span:
                yield from (Fact(course.subject, user, day) for user in mentors.get(course.pk, ()))


def annex_due(
    placement: Placement,
    on: datetime.date,
    due: datetime.date,
    since: datetime.date,
    terms: TrialTerms,
    held_next: datetime.date | None,
) -> datetime.date | None:
    """Return when the placement's annex is due, if that is told on the day; None otherwise.

    `held_next` is the day to come on which the meeting is recorded as held.
    """
    agreement = placement.agreements.last()
    first = max(placement.starts_on, agreement.made_on)
    if due < first and held_next is None:
        due = first + terms.annex_lead_days * DAY
    replies = placement.annex_replies.filter(answered_on__gte=since, answered_on__lte=on)
    contact = agreement.company_contact
    wait = terms.annex_mentor_days * DAY if contact.email else 0 * DAY
    told_from = max(due - terms.annex_lead_days * DAY, since, first) + wait
    ends = placement.ended_on or placement.planned_end_on
    is_in = first <= due and (ends is None or (due <= ends and on <= ends))
    is_open = len(set(replies.values_list("party", flat=True))) < 2
    return due if is_in and is_open and on >= told_from else None


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


def agreement_unsigned(on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D47: the job consultant, while an internship, or a placement with a work agreement, runs of which no
    version is signed by all. Due on its first day."""
    agreements = WorkAgreement.objects.filter(placement=OuterRef("pk")).exclude(state=AgreementState.REPLACED)
    signed = WorkAgreement.objects.filter(placement=OuterRef("pk"), seal__sealed_on__lte=on)
    begun = Placement.objects.running(on).filter(
        Q(kind=PlacementKind.INTERNSHIP) | Exists(agreements), ~Exists(signed)
    )
    firsts: dict[int, set[datetime.date]] = {}
    for course_id, first in about(begun, subjects).values_list("course_id", "starts_on").order_by():
        firsts.setdefault(course_id, set()).add(first)
    consultants = holders(on, CourseFunction.JOB_CONSULTANT, subjects=subjects)
    for course in running(on, subjects):
        for first in firsts.get(course.pk, ()):
            yield from (Fact(course.subject, user, first) for user in consultants.get(course.pk, ()))


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
    ahead = (on + number * DAY for number in range(1, (last - on).days + 1))
    mondays = [day for day in ahead if day.isoweekday() == 1]
    filled: dict[int, list[DateSpan]] = defaultdict(list)
    lines = ActivityLine.objects.filter(cancelled=False, ends_on__gt=on, starts_on__lte=last + 6 * DAY)
    lines = about(lines.exclude(done=False), subjects).order_by()
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
        for monday in mondays:
            if is_empty_week(course, monday, filled.get(course.pk, ())):
                yield from (Fact(course.subject, user, monday) for user in consultants.get(course.pk, ()))


def is_empty_week(course: Running, monday: datetime.date, filled: Collection[DateSpan]) -> bool:
    """Whether a working day of the week is one of sniffing, and nothing is planned on any of its days."""
    week = [monday + number * DAY for number in range(7)]
    return any(is_working_day(day) and is_sniffing(course, day) for day in week) and not any(
        day in span for day in week for span in filled
    )


def is_sniffing(course: Running, day: datetime.date) -> bool:
    """Whether the course runs on the day, before the phase of internship."""
    ends = [end for end in (course.internship_from, course.ended_on) if end is not None]
    return course.started_on <= day and all(day < end for end in ends)


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


def steering_group_due(on: datetime.date, subjects: Collection[str] | None = None) -> Iterator[Fact]:
    """D33: the project's leaders, for every whole quarter of the project that has ended, or ends within the
    lead (a term), and since whose first day the steering group has not met."""
    lead = TrialTerms.objects.in_force_or_first(on).steering_lead_days
    leaders = project_leaders()
    projects = Project.objects.filter(starts_on__lte=on, ends_on__gte=on)
    if subjects is not None:
        projects = projects.filter(slug__in=subjects)
    for project in projects:
        held = SteeringMeeting.objects.filter(project=project, state="held", was_not_held=False)
        days = [meeting.corrected_on or meeting.held_on for meeting in held]
        for year in range(project.starts_on.year, project.ends_on.year + 1):
            for first_month in (1, 4, 7, 10):
                first = datetime.date(year, first_month, 1)
                last = datetime.date(year, first_month + 2, 31 if first_month in {1, 10} else 30)
                is_whole = project.starts_on <= first and last <= project.ends_on
                has_met = any(first <= day <= on for day in days)
                if is_whole and last - lead * DAY <= on and not has_met:
                    yield from (Fact(project.slug, user, last) for user in leaders.get(project.pk, ()))


def promise_due(function: str, on: datetime.date, subjects: Subjects = None) -> Iterator[Fact]:
    """D35: whoever holds the function that promised, from the day of the promise until it is done; what the
    citizen promised is the mentor's. One fact for each day on which something is due."""
    codes = {function, "citizen"} if function == CourseFunction.MENTOR else {function}
    decisions = about(MeetingDecision.objects.filter(meeting__state="held", function__in=codes), subjects)
    people = holders(on, function, subjects=subjects)
    days: dict[int, set[datetime.date]] = defaultdict(set)
    for decision in decisions.select_related("meeting"):
        made_on = decision.meeting.corrected_on or decision.meeting.held_on
        is_shown = max(decision.due_on, made_on) <= on
        if is_shown and (decision.done_on is None or on < decision.done_on):
            days[decision.course_id].add(decision.due_on)
    for course in running(on, subjects):
        for due_on in days.get(course.pk, ()):
            yield from (Fact(course.subject, user, due_on) for user in people.get(course.pk, ()))


KINDS = {
    "weekly_contact_missing": contact_missing,
    "weekly_contact_overdue": contact_overdue,
    "other_channel_due": other_channel_due,
    "contact_lost": contact_lost,
    "meeting_not_booked": meeting_not_booked,
    "meeting_overdue": meeting_overdue,
    "progression_missing": progression_missing,
    "annex_missing": annex_missing,
    "retention_ending": retention_ending,
    "function_unfilled": function_unfilled,
    "agreement_ending": agreement_ending,
    "agreement_unsigned": agreement_unsigned,
    "plan_for_job_due": plan_for_job_due,
    "empty_week_ahead": empty_week_ahead,
    "enrolment_behind": enrolment_behind,
    "steering_group_due": steering_group_due,
    **{f"promise_due_{function}": partial(promise_due, function) for function in CourseFunction.values},
}


def facts_on(kind: str, on: datetime.date) -> Iterator[Fact]:
    """All facts of the kind on the day, without those of courses whose pause suspends the kind then (D50)."""
    paused = {
        str(pause.course.public_id)
        for pause in CoursePause.objects.filter(suspended__contains=[kind], starts_on__lte=on)
        if pause.ends_on is None or pause.ends_on >= on
    }
    return (fact for fact in KINDS[kind](on) if fact.subject not in paused)
