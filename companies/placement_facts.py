"""The placements of courses, read once for all deadlines and core elements that rest on them."""

from cases.deadlines.facts import CourseKeys, of_courses
from companies.models import Placement
from reminders.fact_cache import read_once


@read_once
def placements_of(keys: CourseKeys) -> list[Placement]:
    """Return the placements of the courses with their hours; one query."""
    return list(of_courses(Placement.objects.with_hours().order_by(), keys))
