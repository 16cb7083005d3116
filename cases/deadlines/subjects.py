"""Courses as subjects of deadlines: all of them, how they are named, who holds their functions."""

import datetime
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import BigIntegerField, CharField, QuerySet
from django.db.models.functions import Cast, Coalesce

from cases.models import Course, FunctionHolding
from reminders.extension_points import Description


def course_keys() -> Iterator[str]:
    """Yield the public ids of all courses."""
    for public_id in Course.objects.order_by("pk").values_list("public_id", flat=True).iterator():
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

    While a holder is absent that is the stand-in, in the holder's place.
    """
    holdings = FunctionHolding.objects.in_force(day).with_stand_in(day).order_by()
    return holdings.annotate(
        subject=Cast("course__public_id", CharField()),
        acting_id=Coalesce("stand_in_id", "user_id", output_field=BigIntegerField()),
    ).values("subject", "function", "acting_id")
