"""The addresses of a course's page and of a meeting's."""

from django.urls import reverse

from cases.course_pages import page_url
from cases.extension_points import section_url
from cases.models import Course, FollowUpMeeting


def course_url(course: Course, section: str = "") -> str:
    """Return the address of the course's overview, or of the page with this section, at the section."""
    return section_url(course.public_id, section) if section else page_url(course.public_id)


def meeting_url(meeting: FollowUpMeeting) -> str:
    """Return the address of the page of a meeting."""
    return reverse("cases:meeting", args=[meeting.public_id])
