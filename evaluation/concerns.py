"""The concerns of a project leader: deadlines of the courses that are missed, due or unfilled."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise

from accounts.models import Project
from cases.models import Course, CourseFunction, FunctionHolding
from reminders import extension_points
from reminders.extension_points import DeadlineKind
from reminders.models import Deadline, Snooze

#: The kinds that a leader looks into, in the order of the page.
KINDS = (
    "function_unfilled",
    "weekly_contact_overdue",
    "contact_lost",
    "meeting_overdue",
    "plan_for_job_due",
    "agreement_ending",
)


@dataclass(frozen=True)
class Concern:
    """A deadline as the leader sees it: what, since when or by when, which citizen, and who is to act."""

    label: str | Promise
    due_on: datetime.date
    course_id: uuid.UUID
    citizen_id: uuid.UUID
    citizen: str
    person: str
    put_off: Sequence[Snooze]


def project_concerns(project: Project, on: datetime.date) -> "QuerySet[Any]":
    """Return the deadlines shown on the day that concern the project's leader, each with its `due`."""
    return Deadline.objects.shown_on(on).filter(project=project, kind__in=KINDS)


def count_by_kind(concerns: "QuerySet[Any]") -> list[tuple[DeadlineKind, int]]:
    """Return how many there are of each kind, in the order of the page; one query."""
    counts = dict(concerns.order_by().values_list("kind").annotate(count=Count("pk")))
    kinds = [extension_points.find_kind(code) for code in KINDS]
    return [(kind, counts.get(kind.code, 0)) for kind in kinds if kind is not None]


def as_concerns(deadlines: Sequence[Any], on: datetime.date) -> list[Concern]:
    """Return the deadlines of a page as the leader sees them, in three queries."""
    subjects = {deadline.subject for deadline in deadlines}
    courses = {
        str(course.public_id): course
        for course in Course.objects.filter(public_id__in=subjects).select_related("citizen", "referral")
    }
    holders = _holders([course.pk for course in courses.values()], on)
    put_off = _put_off(subjects, on)
    concerns = []
    for deadline in deadlines:
        course = courses.get(deadline.subject)
        kind = extension_points.find_kind(deadline.kind)
        if course is not None and kind is not None:
            concerns.append(
                Concern(
                    label=kind.label,
                    due_on=deadline.due,
                    course_id=course.public_id,
                    citizen_id=course.citizen.public_id,
                    citizen=course.citizen_name,
                    person=_person(course, kind, holders),
                    put_off=put_off.get((deadline.kind, deadline.subject, deadline.due), ()),
                )
            )
    return concerns


def _holders(courses: Sequence[int], on: datetime.date) -> dict[tuple[int, str], str]:
    holdings = FunctionHolding.objects.in_force(on).with_stand_in(on).filter(course__in=courses)
    return {
        (holding.course_id, holding.function): str(holding.stand_in or holding.user)
        for holding in holdings.select_related("user")
    }


def _put_off(
    subjects: Collection[str], on: datetime.date
) -> Mapping[tuple[str, str, datetime.date], Sequence[Snooze]]:
    """Return who has put off what on the day, by kind, subject and due day."""
    running = Snooze.objects.running(on).filter(reminder__subject__in=subjects)
    put_off: dict[tuple[str, str, datetime.date], list[Snooze]] = defaultdict(list)
    for snooze in running.select_related("reminder__recipient"):
        reminder = snooze.reminder
        put_off[reminder.kind, reminder.subject, reminder.due_on].append(snooze)
    return put_off


def _person(course: Course, kind: DeadlineKind, holders: dict[tuple[int, str], str]) -> str:
    """Return who holds the first of the kind's functions that has a holder; for unfilled functions their
    names, as the leader is to fill them."""
    if kind.code == "function_unfilled":
        unfilled = [function for function in CourseFunction if (course.pk, function) not in holders]
        return ", ".join(str(function.label) for function in unfilled)
    people = (holders.get((course.pk, function)) for function in kind.functions)
    return next((person for person in people if person), "")
