"""The concerns of a project leader: what is missed, due or unfilled in the running courses, oldest first.

The rules are in `cases.rules`; this module fetches what they need, in a fixed number of queries.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Max, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, TrialTerms
from cases.models import Course, CourseFunction, FollowUpMeeting, FunctionHolding, MentorContact
from cases.rules import monthly_meeting, weekly_contact
from companies.models import Placement, PlacementKind
from jobfirst.dates import DAY, DateSpan
from plans.models import PlanForJob


class ConcernKind(models.TextChoices):
    FUNCTION_UNFILLED = "function_unfilled", _("Function not filled")
    CONTACT_MISSED = "contact_missed", _("Weekly contact missed")
    MEETING_OVERDUE = "meeting_overdue", _("Monthly meeting overdue")
    PLAN_MISSING = "plan_missing", _("Plan for job not made")
    PLACEMENT_ENDING = "placement_ending", _("Internship about to end")


@dataclass(frozen=True)
class Concern:
    """Something the leader should look into: kind, course, due day, and the person responsible."""

    kind: ConcernKind
    course: Course
    due_on: datetime.date
    person: str = ""
    detail: str = ""


@dataclass
class RunningCourses:
    """The facts of a project's running courses that the rules need; dictionaries and sets by course id."""

    courses: list[Course]
    holders: dict[int, dict[str, str]]
    last_contacts: dict[int, list[datetime.date]]
    last_meetings: dict[int, datetime.date]
    with_plan: set[int]
    placements: list[Placement]


def find_concerns(project: Project, on: datetime.date) -> list[Concern]:
    """Return every concern of the project's running courses on that day, the longest overdue first."""
    terms = TrialTerms.objects.in_force_or_first(on)
    facts = fetch_running_courses(project, on, terms)
    concerns: list[Concern] = []
    for course in facts.courses:
        concerns += unfilled_functions(course, facts)
        concerns += missed_contact(course, facts, on)
        concerns += overdue_meeting(course, facts, on, terms)
        concerns += missing_plan(course, facts, on)
    concerns += ending_placements(facts)
    return sorted(concerns, key=lambda concern: (concern.due_on, concern.course.pk, concern.kind))


def fetch_running_courses(project: Project, on: datetime.date, terms: TrialTerms) -> RunningCourses:
    """Fetch the facts of the courses that run on the day, in six queries."""
    courses = Course.objects.filter(project=project).running(on)
    course_ids = courses.values("pk")
    ending_soon = Placement.objects.filter(
        course__in=course_ids,
        kind=PlacementKind.INTERNSHIP,
        ended_on=None,
        planned_end_on__range=(on, on + terms.agreement_lead_days * DAY),
        renewed_by=None,
    )
    return RunningCourses(
        courses=list(courses.select_related("citizen", "referral")),
        holders=_holders(course_ids, on),
        last_contacts=_last_contacts(course_ids, on),
        last_meetings=dict(
            FollowUpMeeting.objects.filter(course__in=course_ids, held_on__lte=on)
            .order_by()
            .values_list("course")
            .annotate(last=Max("held_on"))
        ),
        with_plan=set(PlanForJob.objects.filter(course__in=course_ids).values_list("course_id", flat=True)),
        placements=list(ending_soon.select_related("course__citizen", "course__referral", "company")),
    )


def _holders(course_ids: QuerySet[Course, Any], on: datetime.date) -> dict[int, dict[str, str]]:
    """Return the names of the functions' holders on the day, by course id and function."""
    holdings = FunctionHolding.objects.filter(course__in=course_ids, from_on__lte=on).exclude(until_on__lt=on)
    holders: dict[int, dict[str, str]] = defaultdict(dict)
    for holding in holdings.select_related("user"):
        holders[holding.course_id][holding.function] = str(holding.user)
    return holders


def _last_contacts(course_ids: QuerySet[Course, Any], on: datetime.date) -> dict[int, list[datetime.date]]:
    """Return the day of the last contact that counts until the day, by course id."""
    contacts = MentorContact.objects.counting().filter(course__in=course_ids, held_on__lte=on).order_by()
    last_contacts: dict[int, list[datetime.date]] = defaultdict(list)
    for course_id, last_contact in contacts.values_list("course").annotate(last=Max("held_on")):
        last_contacts[course_id].append(last_contact)
    return last_contacts


def unfilled_functions(course: Course, facts: RunningCourses) -> Iterator[Concern]:
    """Yield a concern for each function that nobody holds (D8), due on the first day of the course."""
    for function, label in CourseFunction.choices:
        if function not in facts.holders[course.pk]:
            yield Concern(ConcernKind.FUNCTION_UNFILLED, course, course.started_on, detail=str(label))


def missed_contact(course: Course, facts: RunningCourses, on: datetime.date) -> Iterator[Concern]:
    """Yield a concern for the first week missed since the last contact (D17)."""
    week = weekly_contact.first_missed_since_last_contact(
        DateSpan(course.started_on, course.retention_until), facts.last_contacts[course.pk], on=on
    )
    if week is not None:
        mentor = facts.holders[course.pk].get(CourseFunction.MENTOR, "")
        yield Concern(ConcernKind.CONTACT_MISSED, course, week.sunday, mentor)


def overdue_meeting(
    course: Course, facts: RunningCourses, on: datetime.date, terms: TrialTerms
) -> Iterator[Concern]:
    """Yield a concern for a monthly meeting whose due day has passed (D18)."""
    last_meeting = facts.last_meetings.get(course.pk)
    due = monthly_meeting.next_meeting_due(
        DateSpan(course.started_on, course.retention_until),
        [last_meeting] if last_meeting else [],
        interval_days=terms.meeting_interval_days,
    )
    if due is not None and due < on:
        owner = facts.holders[course.pk].get(CourseFunction.COURSE_OWNER, "")
        yield Concern(ConcernKind.MEETING_OVERDUE, course, due, owner)


def missing_plan(course: Course, facts: RunningCourses, on: datetime.date) -> Iterator[Concern]:
    """Yield a concern for a missing plan for job after the first weeks of internship (a term) (D21)."""
    if course.continued_from is not None and course.continued_from <= on and course.pk not in facts.with_plan:
        owner = facts.holders[course.pk].get(CourseFunction.COURSE_OWNER, "")
        yield Concern(ConcernKind.PLAN_MISSING, course, course.continued_from, owner)


def ending_placements(facts: RunningCourses) -> Iterator[Concern]:
    """Yield a concern for each internship that ends within the lead days (a term), not renewed (D33)."""
    for placement in facts.placements:
        if placement.planned_end_on is not None:
            consultant = facts.holders[placement.course_id].get(CourseFunction.JOB_CONSULTANT, "")
            yield Concern(
                ConcernKind.PLACEMENT_ENDING,
                placement.course,
                placement.planned_end_on,
                consultant,
                placement.company.name,
            )
