"""The grants' place on the course page: for whoever leads the project, the way to what the course earns."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.extension_points import CourseOnDay, CourseSection
from cases.models import Course
from grants.policy import sees_statements_of


def _earning(shown: CourseOnDay) -> dict[str, Any]:
    """Only a course with a placement stands in a draft; they are fetched with the course already."""
    return {"earning": any(shown.course.placements.all())}


def _may(user: User, course: Course) -> bool:
    return sees_statements_of(user, course.project)


SECTION = CourseSection(
    key="grant",
    title=_("Grant for this course"),
    template="grants/course_panel.html",
    order=90,
    context=_earning,
    may=_may,
)
