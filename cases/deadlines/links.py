"""Where a deadline of a course leads to."""

from collections.abc import Callable

from cases.extension_points import section_url


def section_of_page(key: str) -> Callable[[str], str]:
    """Return the function from a course's public id to the address of this section of its pages."""

    def path(public_id: str) -> str:
        return section_url(public_id, key)

    return path
