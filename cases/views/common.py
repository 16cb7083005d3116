"""The address of a course's page."""

from cases.course_pages import page_url
from cases.extension_points import section_url
from cases.models import Course


def course_url(course: Course, section: str = "") -> str:
    """Return the address of the course's overview, or of the page with this section, at the section."""
    return section_url(course.public_id, section) if section else page_url(course.public_id)
