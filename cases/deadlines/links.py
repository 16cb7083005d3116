"""Where a deadline of a course leads to."""

from collections.abc import Callable

from django.urls import reverse


def section_of_page(anchor: str) -> Callable[[str], str]:
    """Return the function from a course's public id to the path of this section of its page."""

    def path(public_id: str) -> str:
        return f"{reverse('cases:course', args=[public_id])}#{anchor}"

    return path
