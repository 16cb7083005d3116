"""News of the annex for the mentor (D16, D52)."""

from django.utils.translation import gettext_lazy as _

from cases.deadlines.links import section_of_page
from reminders.extension_points import NoticeKind
from reminders.models import SubjectType

ANNEX_LINK_LOST = NoticeKind(
    code="annex_link_lost",
    label=_("The link to the annex did not arrive: call"),
    subject_type=SubjectType.COURSE,
    link=section_of_page("annex"),
)
