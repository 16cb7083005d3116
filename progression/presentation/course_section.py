"""The section of the progression tool on the course page: what is missing, and the way to the answers.

It needs no query of its own: what is missing stands among the deadlines that the page has fetched.
"""

from django.utils.translation import gettext_lazy as _

from cases.extension_points import CourseSection

SECTION = CourseSection(
    key="progression",
    title=_("Progression"),
    template="progression/panel.html",
    order=10,
)
