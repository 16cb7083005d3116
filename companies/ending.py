"""Placements that end with the course: only when somebody says so, or the citizen died."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from cases import ending
from cases.models import Course
from companies.actions import placements as actions


def _running(course: Course) -> list[str]:
    return [
        f"{one.get_kind_display()}, {one.company}"
        for one in course.placements.filter(ended_on=None).select_related("company")
    ]


def _end(course: Course, last: datetime.date, by: Any) -> None:
    """Record the last day of what runs beyond it; what would have begun later never did."""
    for one in course.placements.filter(ended_on=None):
        if one.starts_on > last:
            if by is not None:
                actions.withdraw_as_error(one, reason=_("The course ended before it began."), by=by)
        elif one.planned_end_on is None or one.planned_end_on > last:
            actions.end_placement(one, ended_on=last, today=last)


ending.register("placements", ending.Ender(_running, _end))
