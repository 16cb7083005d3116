"""Courses that nobody ended, although their project has: their period must begin some day, too.

It begins with the last day of which something is known: the course's own dates, a contact, a follow-up
meeting that was held, answers, or a placement (its end, planned or reached, or else its first day); never
before the end of the project (`rights.erasure.due`). Paid hours count for nothing: they are delivered for
years after.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet
from django.db.models.functions import Coalesce

from cases.models import Course, FollowUpMeeting, MentorContact
from companies.models import Placement
from progression.models import AnswerSheet

_OF_COURSE = ("started_on", "internship_from", "continued_from", "retention_until")


@dataclass(frozen=True)
class UnendedCourses:
    """How many courses of a project that has ended nobody ended, and the last day known of any of them."""

    project_id: int
    count: int
    last_on: datetime.date


def unended_courses(on: datetime.date, projects: Collection[int | None]) -> list[UnendedCourses]:
    """Return the courses that nobody ended of those of these projects that ended before the day."""
    rows = _unended(on, Course.objects.filter(project__in=[pk for pk in projects if pk is not None]))
    by_project: dict[int, list[int]] = defaultdict(list)
    for pk, project in rows.order_by("project", "pk").values_list("pk", "project"):
        by_project[project].append(pk)
    days = last_known_days(on, rows)
    return [
        UnendedCourses(project, len(courses), max(days[course] for course in courses))
        for project, courses in by_project.items()
    ]


def last_known_days(on: datetime.date, chosen: "QuerySet[Course]") -> dict[int, datetime.date]:
    """Return the last day of which something is known, by course of `chosen` that nobody ended although its
    project had ended by the day. Five queries."""
    courses = _unended(on, chosen)
    days: dict[int, datetime.date] = {}
    for pk, *dates in courses.values_list("pk", *_OF_COURSE):
        days[pk] = max(day for day in dates if day)
    for course, day in _last_facts(courses):
        days[course] = max(days[course], day) if day else days[course]
    return days


def _unended(on: datetime.date, courses: "QuerySet[Course]") -> "QuerySet[Course]":
    return courses.filter(ended_on=None, project__ends_on__lt=on, citizen__erased_on=None).order_by()


def _last_facts(courses: "QuerySet[Course]") -> Iterable[tuple[int, datetime.date | None]]:
    held_on = Coalesce("corrected_on", "held_on")
    placed_until = Coalesce("ended_on", "planned_end_on", "starts_on")
    for rows, day in (
        (MentorContact.objects.all(), Max("held_on")),
        (FollowUpMeeting.objects.filter(was_not_held=False), Max(held_on)),
        (AnswerSheet.objects.all(), Max("answered_on")),
        (Placement.objects.all(), Max(placed_until)),
    ):
        of_courses = rows.filter(course__in=courses.values("pk")).order_by().values("course")
        yield from of_courses.annotate(last_day=day).values_list("course", "last_day")
