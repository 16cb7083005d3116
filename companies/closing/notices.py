"""News of the closing assessment for mentor and job consultant (D52, D54)."""

from django.utils.translation import gettext_lazy as _

from cases.deadlines.links import section_of_page
from reminders.extension_points import NoticeKind
from reminders.models import SubjectType

CLOSING_LINK_LOST = NoticeKind(
    code="closing_link_lost",
    label=_("The link to the closing assessment did not arrive: call"),
    subject_type=SubjectType.COURSE,
    link=section_of_page("closings"),
)
