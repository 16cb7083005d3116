"""Who holds the four functions of a course (D8): each by exactly one person at a time, with history."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.actions.checks import check_day, locked, refuse
from cases.models import Course, FunctionHolding

_DAY = datetime.timedelta(days=1)


@transaction.atomic
def assign_function(
    course: Course, *, function: str, user: Any, from_on: datetime.date
) -> tuple[FunctionHolding, bool]:
    """Give a function of the course to `user` from a day on; returns the holding and whether it is new.

    1. Refused for somebody without that role in the course's project, and for a day outside the course.
    2. Whoever holds it on that day already keeps it: nothing changes.
    3. The earlier holder ends the day before; one who began on that very day is replaced.
    4. The new holding lasts until the day before the next one that is already recorded, or onwards.
    """
    course = locked(course)
    check_day(course, "from_on", from_on)
    if not user.is_active or not user.has_role(function, project_id=course.project_id):
        raise refuse("user", _("The person does not have that role in the project."), "without_role")
    holdings = course.holdings.filter(function=function).order_by("from_on")
    following = holdings.filter(from_on__gt=from_on).first()
    until_on = None if following is None else following.from_on - _DAY
    current = holdings.filter(from_on__lte=from_on).last()
    if current is not None and (current.until_on is None or current.until_on >= from_on):
        if current.user_id == user.pk:
            return current, False
        if current.from_on == from_on:
            # The history keeps who was named first (django-pghistory).
            current.user = user
            current.save(update_fields=["user"])
            return current, True
        current.until_on = from_on - _DAY
        current.save(update_fields=["until_on"])
    holding = FunctionHolding.objects.create(
        course=course, function=function, user=user, from_on=from_on, until_on=until_on
    )
    return holding, True
