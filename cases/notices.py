"""News of a course: a function taken over (D8, D43), a citizen who cannot come to a meeting or
was not reached about it (D53); and of a project: unusual use."""

from django.urls import reverse
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


def _link_to_meetings(subject: str) -> str:
    return section_url(subject, "meetings")


CITIZEN_CANNOT_COME = NoticeKind(
    code="citizen_cannot_come",
    label=_("The citizen cannot come to the meeting"),
    subject_type=SubjectType.COURSE,
    link=_link_to_meetings,
)

APPOINTMENT_NOT_SENT = NoticeKind(
    code="appointment_not_sent",
    label=_("The message about the meeting did not reach the citizen: call"),
    subject_type=SubjectType.COURSE,
    link=_link_to_meetings,
)


def _link_to_unusual_use(_subject: str) -> str:
    return reverse("cases:unusual_use")


UNUSUAL_USE = NoticeKind(
    code="unusual_use",
    label=_("Somebody has searched, opened or fetched unusually much"),
    subject_type=SubjectType.PROJECT,
    link=_link_to_unusual_use,
)
