"""The URL of the course page."""

from django.urls import reverse

from cases.models import Course


def course_url(course: Course, anchor: str = "") -> str:
    """Return the URL of the course page, at a section."""
    url = reverse("cases:course", args=[course.public_id])
    return f"{url}#{anchor}" if anchor else url
