"""News of a course: who has taken over a function of it is told (D8, D43)."""

from django.utils.translation import gettext_lazy as _

from cases.extension_points import section_url
from reminders.extension_points import NoticeKind
from reminders.models import SubjectType


def _link(subject: str) -> str:
    return section_url(subject, "functions")


COURSE_TAKEN_OVER = NoticeKind(
    code="course_taken_over",
    label=_("You have taken over a function of the course"),
    subject_type=SubjectType.COURSE,
    link=_link,
)
