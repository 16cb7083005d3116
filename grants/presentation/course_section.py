"""The grants' section of the course page: a link to the explanation, for who may see statements."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from cases.models import Course
from grants.policy import sees_statements_of


def _context(course_on_day: CourseOnDay) -> dict[str, Any]:
    """Return whether the course is in a draft: it has a placement. Placements are prefetched."""
    return {"earning": any(course_on_day.course.placements.all())}


def _may(user: User, course: Course) -> bool:
    return sees_statements_of(user, course.project)


SECTION = CourseSection(
    key="grant",
    title=_("Grant for this course"),
    template="grants/course_panel.html",
    page=CoursePage.COMPANY,
    order=90,
    context=_context,
    may=_may,
)
