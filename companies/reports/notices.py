"""News of the companies' reports: one that waits, and a reporting link that did not arrive (D48, D52)."""

from django.utils.translation import gettext_lazy as _

from cases.deadlines.links import section_of_page
from reminders.extension_points import NoticeKind
from reminders.models import SubjectType

REPORTED = NoticeKind(
    code="company_reported",
    label=_("The company has reported absence or an early stop"),
    subject_type=SubjectType.COURSE,
    link=section_of_page("reports"),
)
REPORT_LINK_LOST = NoticeKind(
    code="report_link_lost",
    label=_("The company's link to report absence did not arrive: call"),
    subject_type=SubjectType.COURSE,
    link=section_of_page("reports"),
)
NOTICES = (REPORTED, REPORT_LINK_LOST)
