"""The link to the closing assessment: to the company when a placement is over, then to the citizen (D54)."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.links.models import SignedLink
from accounts.links.purposes import LinkAddress, LinkPurpose
from cases.models import CourseFunction, EndReason
from companies.closing.actions import may_be_assessed
from companies.closing.notices import CLOSING_LINK_LOST
from companies.linked_placements import LinkedPlacement, address_of, citizens_of, linked_placement
from companies.lost_links import tell_team
from companies.models import ClosingAssessment
from companies.placement_links import CLOSING
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


def find_address(link: SignedLink) -> LinkAddress | None:
    """Return where the recipient is reached now; None when there is nothing to say (any more)."""
    linked = _wanted_about(link)
    return None if linked is None else address_of(linked)


def _not_arrived(link: SignedLink) -> None:
    linked = _wanted_about(link)
    if linked is not None:
        functions = [CourseFunction.MENTOR, CourseFunction.JOB_CONSULTANT]
        tell_team(CLOSING_LINK_LOST, linked.placement.course, functions)


PURPOSE = LinkPurpose(
    code=CODE,
    url_name="companies:closing_by_link",
    is_single_use=False,
    page_name=_("The closing assessment, by link"),
    subject_line=_("How did it go? One minute when it is over"),
    text=_(
        "An agreement with %(jobcentre)s has ended. We would like to hear how it went; it takes a minute: "
        "%(url)s\n\nThe link works until %(last)s.\n\n%(sender)s"
    ),
    find_address=find_address,
    citizens=citizens_of,
    not_arrived=_not_arrived,
)
