"""News from a company: a report that waits for mentor and job consultant (D48)."""

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
