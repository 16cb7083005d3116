"""End the placements of a course with the course: when the user says so, or the citizen died."""

import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Course
from companies.actions import placements
from companies.models import EarlyEndReason


def running_placements(course: Course) -> list[str]:
    """Return in words the course's placements without a last day."""
    return [
        f"{placement.get_kind_display()}, {placement.company}"
        for placement in course.placements.filter(ended_on=None).select_related("company")
    ]


def end_placements(course: Course, last: datetime.date, by: User | None) -> None:
    """Record `last` as the last day of placements that go beyond it; withdraw those that would begin
    later."""
    for placement in course.placements.filter(ended_on=None):
        if placement.starts_on > last:
            if by is not None:
                placements.withdraw_as_error(placement, reason=_("The course ended before it began."), by=by)
        elif placement.planned_end_on is None or placement.planned_end_on > last:
            reason = EarlyEndReason.COURSE_ENDED
            placements.end_placement(placement, ended_on=last, today=last, end_reason=reason)
