"""The link to the closing assessment: to the company when a placement is over, then to the citizen (D54)."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.links.models import SignedLink
from cases.models import EndReason
from companies.closing.actions import may_be_assessed
from companies.closing.notices import CLOSING_LINK_LOST
from companies.links.last_sent import CLOSING
from companies.links.placements import LinkedPlacement, linked_placement
from companies.links.purposes import placement_purpose
from companies.models import ClosingAssessment
from jobfirst import clock

CODE = CLOSING


def assessed_about(link: SignedLink, on: datetime.date) -> LinkedPlacement | None:
    """Return what the link asks about on the day; None while the placement or a renewal of it runs, and of a
    citizen who has died."""
    linked = linked_placement(link)
    if linked is None or linked.placement.course.end_reason == EndReason.DIED:
        return None
    if not may_be_assessed(linked.engagement.placements[-1], on):
        return None
    return linked


def assessment_of(linked: LinkedPlacement) -> ClosingAssessment | None:
    """Return the assessment of the last placement of the chain, if it is given."""
    last = linked.engagement.placements[-1]
    return ClosingAssessment.objects.filter(placement=last).select_related("placement__course").first()


def _wanted_about(link: SignedLink) -> LinkedPlacement | None:
    """Return what the link asks about today; None when there is nothing to say (any more)."""
    linked = assessed_about(link, clock.today())
    if linked is None:
        return None
    row = assessment_of(linked)
    is_wanted = row is None if linked.is_company else row is not None and not row.citizen_answer
    return linked if is_wanted else None


PURPOSE = placement_purpose(
    CODE,
    _wanted_about,
    CLOSING_LINK_LOST,
    url_name="companies:closing_by_link",
    page_name=_("The closing assessment, by link"),
    subject_line=_("How did it go? One minute when it is over"),
    text=_(
        "An agreement with %(jobcentre)s has ended. We would like to hear how it went; it takes a minute: "
        "%(url)s\n\nThe link works until %(last)s.\n\n%(sender)s"
    ),
)
