"""The company's reporting link: sent when a placement begins, good while it runs, through renewals (D48).

Its days are more than a placement has between renewals; a new link is sent when they have run out.
"""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.links.models import SignedLink
from companies.links.last_sent import REPORT
from companies.links.placements import LinkedPlacement, linked_placement
from companies.links.purposes import placement_purpose
from companies.reports.notices import REPORT_LINK_LOST
from jobfirst import clock

CODE = REPORT


def reported_about(link: SignedLink, on: datetime.date) -> LinkedPlacement | None:
    """Return what the link reports about on the day; None when the placement does not run."""
    linked = linked_placement(link)
    if linked is None or linked.placement.course.has_ended(on):
        return None
    return linked if on in linked.engagement.placement_on(on).span else None


PURPOSE = placement_purpose(
    CODE,
    lambda link: reported_about(link, clock.today()),
    REPORT_LINK_LOST,
    url_name="companies:report_by_link",
    page_name=_("The company's report by link"),
    subject_line=_("Your link to report absence"),
    text=_(
        "With this link you report absence or an early stop to %(jobcentre)s: %(url)s\n\nKeep the message. "
        "The link works until %(last)s, as long as the agreement runs.\n\n%(sender)s"
    ),
    term="reporting_link_days",
)
