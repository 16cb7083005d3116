"""The company's reporting link: sent when a placement begins, good while it runs, through renewals (D48)."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.links.models import SignedLink
from accounts.links.purposes import LinkAddress, LinkPurpose
from cases.models import CourseFunction
from companies.linked_placements import LinkedPlacement, address_of, citizens_of, linked_placement
from companies.lost_links import tell_team
from companies.reports.notices import REPORT_LINK_LOST
from jobfirst import clock

CODE = "placement.report"
#: Longer than a placement between renewals; a new link is sent when it has run out.
DAYS = 120


def reported_about(link: SignedLink, on: datetime.date) -> LinkedPlacement | None:
    """Return what the link reports about on the day; None when the placement does not run."""
    linked = linked_placement(link)
    if linked is None or linked.placement.course.has_ended(on):
        return None
    return linked if on in linked.engagement.placement_on(on).span else None


def find_address(link: SignedLink) -> LinkAddress | None:
    """Return where the contact person is reached now; None when the placement does not run any more."""
    linked = reported_about(link, clock.today())
    return None if linked is None else address_of(linked)


def _not_arrived(link: SignedLink) -> None:
    linked = reported_about(link, clock.today())
    if linked is not None:
        functions = [CourseFunction.MENTOR, CourseFunction.JOB_CONSULTANT]
        tell_team(REPORT_LINK_LOST, linked.placement.course, functions)


PURPOSE = LinkPurpose(
    code=CODE,
    url_name="companies:report_by_link",
    is_single_use=False,
    page_name=_("The company's report by link"),
    subject_line=_("Your link to report absence"),
    text=_(
        "With this link you report absence or an early stop to %(jobcentre)s: %(url)s\n\nKeep the message. "
        "The link works until %(last)s, as long as the agreement runs.\n\n%(sender)s"
    ),
    find_address=find_address,
    citizens=citizens_of,
    days=DAYS,
    not_arrived=_not_arrived,
)
