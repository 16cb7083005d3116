"""News of a work agreement for job consultant and course owner (D15, D44)."""

from django.utils.translation import gettext_lazy as _

from cases.deadlines.links import section_of_page
from reminders.extension_points import NoticeKind
from reminders.models import SubjectType

AGREEMENT_DECLINED = NoticeKind(
    code="agreement_declined",
    label=_("A work agreement was declined"),
    subject_type=SubjectType.COURSE,
    link=section_of_page("placements"),
)
AGREEMENT_LINK_LOST = NoticeKind(
    code="agreement_link_lost",
    label=_("The link to a work agreement did not arrive: call"),
    subject_type=SubjectType.COURSE,
    link=section_of_page("placements"),
)
AGREEMENT_READY = NoticeKind(
    code="agreement_ready",
    label=_("Citizen and company have signed: the jobcentre signs now"),
    subject_type=SubjectType.COURSE,
    link=section_of_page("placements"),
)
NOTICES = (AGREEMENT_DECLINED, AGREEMENT_LINK_LOST, AGREEMENT_READY)
