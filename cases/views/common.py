"""What the pages of a course share: its address."""

from django.urls import reverse

from cases.models import Course


def course_url(course: Course, anchor: str = "") -> str:
    """The course page, at one of its sections."""
    url = reverse("cases:course", args=[course.public_id])
    return f"{url}#{anchor}" if anchor else url
