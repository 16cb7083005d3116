"""What a project leader must see on Monday morning: what is missed, due or unfilled, oldest first.

The rules stand in `cases.rules`; this module only fetches what they need, in a handful of set-based
queries whatever the number of courses.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, TrialTerms
from cases.models import Course, CourseFunction, FollowUpMeeting, FunctionHolding, MentorContact
from cases.rules import monthly_meeting, weekly_contact
from companies.models import Placement, PlacementKind
from jobfirst.dates import DAY, DateSpan
from plans.models import PlanForJob


class Kind(models.TextChoices):
    FUNCTION_UNFILLED = "function_unfilled", _("Function not filled")
    CONTACT_MISSED = "contact_missed", _("Weekly contact missed")
    MEETING_OVERDUE = "meeting_overdue", _("Monthly meeting overdue")
    PLAN_MISSING = "plan_missing", _("Plan for job not made")
    PLACEMENT_ENDING = "placement_ending", _("Internship about to end")


@dataclass(frozen=True)
class Concern:
    """One thing to look into: its kind, the course, the day it was or is due, and whose it is."""

    kind: Kind
    course: Course
    due_on: datetime.date
    person: str = ""
    detail: str = ""


@dataclass
class Facts:
    """What the rules need of a project's running courses, fetched once."""

    courses: list[Course]
    holders: dict[int, dict[str, str]]
    contacts: dict[int, list[datetime.date]]
    meetings: dict[int, datetime.date]
    planned: set[int]
    placements: list[Placement]


def find_concerns(project: Project, on: datetime.date) -> list[Concern]:
    """Every concern of the project's running courses on that day, the longest overdue first."""
    terms = TrialTerms.objects.in_force_or_first(on)
    facts = fetch(project, on, terms)
    concerns: list[Concern] = []
    for course in facts.courses:
        concerns += unfilled_functions(course, facts)
        concerns += missed_contact(course, facts, on)
        concerns += overdue_meeting(course, facts, on, terms)
        concerns += missing_plan(course, facts, on)
    concerns += ending_placements(facts)
    return sorted(concerns, key=lambda concern: (concern.due_on, concern.course.pk, concern.kind))


def fetch(project: Project, on: datetime.date, terms: TrialTerms) -> Facts:
    """Fetch the facts in six queries."""
    courses = list(Course.objects.filter(project=project).running(on).select_related("citizen", "referral"))
    running = Course.objects.filter(project=project).running(on).values("pk")
    holders: dict[int, dict[str, str]] = defaultdict(dict)
    for holding in (
        FunctionHolding.objects.filter(course__in=running, from_on__lte=on)
        .exclude(until_on__lt=on)
        .select_related("user")
    ):
        holders[holding.course_id][holding.function] = str(holding.user)
    contacts: dict[int, list[datetime.date]] = defaultdict(list)
    for course_id, last in (
        MentorContact.objects.counting()
        .filter(course__in=running, held_on__lte=on)
        .order_by()
        .values_list("course")
        .annotate(last=Max("held_on"))
    ):
        contacts[course_id].append(last)
    meetings = dict(
        FollowUpMeeting.objects.filter(course__in=running, held_on__lte=on)
        .order_by()
        .values_list("course")
        .annotate(last=Max("held_on"))
    )
    return Facts(
        courses=courses,
        holders=holders,
        contacts=contacts,
        meetings=meetings,
        planned=set(PlanForJob.objects.filter(course__in=running).values_list("course_id", flat=True)),
        placements=list(
            Placement.objects.filter(
                course__in=running,
                kind=PlacementKind.INTERNSHIP,
                ended_on=None,
                planned_end_on__range=(on, on + terms.agreement_lead_days * DAY),
                renewed_by=None,
            ).select_related("course__citizen", "course__referral", "company")
        ),
    )


def unfilled_functions(course: Course, facts: Facts) -> Iterator[Concern]:
    """The functions that nobody holds (D8): due from the first day."""
    for function, label in CourseFunction.choices:
        if function not in facts.holders[course.pk]:
            yield Concern(Kind.FUNCTION_UNFILLED, course, course.started_on, detail=str(label))


def missed_contact(course: Course, facts: Facts, on: datetime.date) -> Iterator[Concern]:
    """The first week missed since the last contact (D17)."""
    week = weekly_contact.first_missed_since_last_contact(
        DateSpan(course.started_on, course.retention_until), facts.contacts[course.pk], on=on
    )
    if week is not None:
        mentor = facts.holders[course.pk].get(CourseFunction.MENTOR, "")
        yield Concern(Kind.CONTACT_MISSED, course, week.sunday, mentor)


def overdue_meeting(course: Course, facts: Facts, on: datetime.date, terms: TrialTerms) -> Iterator[Concern]:
    """A monthly meeting whose day has passed (D18)."""
    held = facts.meetings.get(course.pk)
    due = monthly_meeting.next_meeting_due(
        DateSpan(course.started_on, course.retention_until),
        [held] if held else [],
        interval_days=terms.meeting_interval_days,
    )
    if due is not None and due < on:
        owner = facts.holders[course.pk].get(CourseFunction.COURSE_OWNER, "")
        yield Concern(Kind.MEETING_OVERDUE, course, due, owner)


def missing_plan(course: Course, facts: Facts, on: datetime.date) -> Iterator[Concern]:
    """No plan for job although the first weeks of internship (a term) are over (D21)."""
    if course.continued_from is not None and course.continued_from <= on and course.pk not in facts.planned:
        owner = facts.holders[course.pk].get(CourseFunction.COURSE_OWNER, "")
        yield Concern(Kind.PLAN_MISSING, course, course.continued_from, owner)


def ending_placements(facts: Facts) -> Iterator[Concern]:
    """Internships that end within the days of a reminder (a term) and are not renewed (D33)."""
    for placement in facts.placements:
        if placement.planned_end_on is not None:
            consultant = facts.holders[placement.course_id].get(CourseFunction.JOB_CONSULTANT, "")
            yield Concern(
                Kind.PLACEMENT_ENDING,
                placement.course,
                placement.planned_end_on,
                consultant,
                placement.company.name,
            )
