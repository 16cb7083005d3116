"""Courses as subjects of deadlines: all of them, how they are named, who holds their functions."""

import datetime
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from cases.models import Course, FunctionHolding, ShutOut
from reminders.extension_points import Description


def course_keys() -> Iterator[str]:
    """Yield the public ids of all courses whose facts are there: of citizens who were erased none are."""
    courses = Course.objects.filter(citizen__erased_on=None).order_by("pk")
    for public_id in courses.values_list("public_id", flat=True).iterator():
        yield str(public_id)


def describe_courses(public_ids: Collection[str]) -> dict[str, Description]:
    """Return the courses by public id: the citizen's initials, and the pseudonym for the JSON (D34); one
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


def function_holders(day: datetime.date) -> QuerySet[Any, Any]:
    """Return who acts in a function of which course on the day: rows of subject, function and user id.

    While a holder is absent that is the stand-in, in the holder's place. Two parts, so that a search for one
    person's rows finds them by an index.
    """
    holdings = FunctionHolding.objects.in_force(day).order_by()
    subject = Cast("course__public_id", CharField())
    present = holdings.of_present(day).annotate(subject=subject)
    absent = holdings.stood_in(day).annotate(subject=subject)
    return present.values("subject", "function", "user_id").union(
        absent.values("subject", "function", "user__absences__stand_in_id"), all=True
    )


def closed_courses() -> QuerySet[Any, Any]:
    """Return who is shut out from which course (D51): rows of subject and user id."""
    rows = ShutOut.objects.in_force().filter(citizen__course__isnull=False).order_by()
    subject = Cast("citizen__course__public_id", CharField())
    return rows.annotate(subject=subject).values("subject", "user_id")
