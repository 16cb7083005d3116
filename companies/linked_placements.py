"""What a link to a company or citizen is about: a placement with its agreement, and who may use it (D44)."""

import datetime
import uuid
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.links.actions import issue_link
from accounts.links.models import RecipientKind, SignedLink
from accounts.links.purposes import LinkAddress
from accounts.models import User
from companies.annex.engagements import Engagement, engagement_of
from companies.models import CompanyContact, Placement


class LinkedPlacement(NamedTuple):
    """The placement of a link with its renewals, the contact person now, and whether the company holds it."""

    placement: Placement
    engagement: Engagement
    contact: CompanyContact
    is_company: bool


def linked_placement(link: SignedLink) -> LinkedPlacement | None:
    """Return what the link is about; None when the placement is withdrawn, has no work agreement, or somebody
    else is the contact person now."""
    placement = (
        Placement.objects.filter(public_id=link.subject)
        .select_related("course__citizen", "course__referral", "course__project", "company")
        .first()
    )
    engagement = None if placement is None else engagement_of(placement)
    if placement is None or engagement is None:
        return None
    contact = CompanyContact.objects.get(pk=engagement.contact)
    is_company = link.recipient_kind == RecipientKind.COMPANY_CONTACT
    recipient = contact.public_id if is_company else placement.course.public_id
    if recipient != link.recipient:
        return None
    return LinkedPlacement(placement, engagement, contact, is_company)


def address_of(linked: LinkedPlacement) -> LinkAddress | None:
    """Return where the recipient is reached now; None for a citizen without contact information."""
    course = linked.placement.course
    municipality = course.municipality.name
    if linked.is_company:
        contact = linked.contact
        return LinkAddress(contact.email, contact.phone, name=contact.name, municipality=municipality)
    registered = getattr(course, "citizen_contact", None)
    if registered is None:
        return None
    return LinkAddress(registered.email, registered.phone, municipality=municipality)


def citizens_of(link: SignedLink) -> list[uuid.UUID]:
    """Return the public id of the citizen whom the page shows."""
    placements = Placement.everything.filter(public_id=link.subject)
    return list(placements.values_list("course__citizen__public_id", flat=True))


def send_link_about(
    purpose: str, placement: Placement, kind: RecipientKind, *, by: User | None, now: datetime.datetime
) -> bool:
    """Send the contact person or the citizen a link about the placement and its renewals; False when there is
    no work agreement, and so nobody to send it to. Refused when the recipient cannot be reached."""
    engagement = engagement_of(placement)
    if engagement is None:
        return False
    contact = CompanyContact.objects.get(pk=engagement.contact)
    is_company = kind == RecipientKind.COMPANY_CONTACT
    address = address_of(LinkedPlacement(placement, engagement, contact, is_company))
    if address is None or not address.is_reachable:
        message = _("No e-mail and no phone that can be reached is registered for %(party)s.")
        party = str(RecipientKind(kind).label).lower()
        raise ValidationError(message % {"party": party}, code="no_address")
    issue_link(
        purpose,
        subject=engagement.first.public_id,
        recipient_kind=kind,
        recipient=contact.public_id if is_company else placement.course.public_id,
        project=placement.course.project,
        by=by,
        now=now,
    )
    return True
