"""The link by which company or citizen answers the annex on a phone (D16, D44)."""

import datetime
import uuid
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.links.actions import issue_link
from accounts.links.models import RecipientKind, SignedLink
from accounts.links.purposes import LinkAddress, LinkPurpose
from accounts.models import TrialTerms, User
from companies.annex.engagements import engagement_of
from companies.annex.months import AnnexOverTime, AnsweredMonth, annex_over_time
from companies.models import AnnexParty, CompanyContact, Placement
from jobfirst import clock

CODE = "annex.answer"


class AskedAnnex(NamedTuple):
    """What a link asks: the annex of a placement, the party, and the month whose meeting is ahead."""

    placement: Placement
    annex: AnnexOverTime
    party: AnnexParty
    month: AnsweredMonth
    contact: CompanyContact


def asked_by(link: SignedLink, on: datetime.date) -> AskedAnnex | None:
    """Return what the link asks on the day; None when the placement is over, or somebody else is the contact
    person now."""
    placement = (
        Placement.objects.filter(public_id=link.subject)
        .select_related("course__citizen", "course__referral", "course__project", "company")
        .first()
    )
    if placement is None or placement.course.ended_on is not None:
        return None
    terms = TrialTerms.objects.in_force_or_first(on)
    annexes = annex_over_time(placement.course, on, terms)
    annex = next((annex for annex in annexes if annex.engagement.has(placement)), None)
    if annex is None or annex.current is None:
        return None
    contact = CompanyContact.objects.get(pk=annex.engagement.contact)
    is_company = link.recipient_kind == RecipientKind.COMPANY_CONTACT
    recipient = contact.public_id if is_company else placement.course.public_id
    if recipient != link.recipient:
        return None
    party = AnnexParty.COMPANY if is_company else AnnexParty.CITIZEN
    return AskedAnnex(placement, annex, party, annex.current, contact)


def find_address(link: SignedLink) -> LinkAddress | None:
    """Return where the recipient is reached now; None when nothing is asked any more."""
    asked = asked_by(link, clock.today())
    if asked is None or asked.month.reply_of(asked.party) is not None:
        return None
    course = asked.placement.course
    municipality = course.municipality.name
    if asked.party == AnnexParty.COMPANY:
        return LinkAddress(
            email=asked.contact.email,
            phone=asked.contact.phone,
            name=asked.contact.name,
            municipality=municipality,
        )
    contact = getattr(course, "citizen_contact", None)
    if contact is None:
        return None
    return LinkAddress(email=contact.email, phone=contact.phone, municipality=municipality)


def citizens_of(link: SignedLink) -> list[uuid.UUID]:
    """Return the public id of the citizen whom the page shows."""
    placements = Placement.everything.filter(public_id=link.subject)
    return list(placements.values_list("course__citizen__public_id", flat=True))


def send_to(placement: Placement, party: AnnexParty, *, by: User | None, now: datetime.datetime) -> bool:
    """Send the company's contact person or the citizen a link to the questions; False when there is no work
    agreement."""
    engagement = engagement_of(placement)
    if engagement is None:
        return False
    is_company = party == AnnexParty.COMPANY
    contact = CompanyContact.objects.get(pk=engagement.contact)
    issue_link(
        CODE,
        subject=engagement.first.public_id,
        recipient_kind=RecipientKind.COMPANY_CONTACT if is_company else RecipientKind.CITIZEN,
        recipient=contact.public_id if is_company else placement.course.public_id,
        project=placement.course.project,
        by=by,
        now=now,
    )
    return True


PURPOSE = LinkPurpose(
    code=CODE,
    url_name="companies:annex_by_link",
    is_single_use=False,
    page_name=_("The annex, answered by link"),
    subject_line=_("Eight short questions before the next meeting"),
    text=_(
        "Before the next follow-up meeting, %(jobcentre)s asks eight short questions about how it is going "
        "at work. It takes two minutes on a phone: %(url)s\n\nThe link works until %(last)s. %(sender)s"
    ),
    find_address=find_address,
    citizens=citizens_of,
)
