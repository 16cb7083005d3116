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
from cases.models import Course
from companies.annex.engagements import Engagement, engagement_of
from companies.models import AgreementParty, CompanyContact, Placement


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
    """Return where the recipient is reached now; None for a citizen who wants no messages, or of whom no
    address is registered."""
    course = linked.placement.course
    if linked.is_company:
        return contact_address(linked.contact, course.municipality.name)
    return citizen_address(course, course.municipality.name)


def contact_address(contact: CompanyContact, municipality: str) -> LinkAddress:
    """Return the address of a contact person as registered now."""
    return LinkAddress(contact.email, contact.phone, name=contact.name, municipality=municipality)


def citizen_address(course: Course, municipality: str) -> LinkAddress | None:
    """Return the citizen's address as registered now; None without one, and for who wants no messages."""
    registered = getattr(course, "citizen_contact", None)
    if registered is None or registered.declines_messages:
        return None
    return LinkAddress(registered.email, registered.phone, municipality=municipality)


def no_address(party: str) -> ValidationError:
    """Return the refusal to send a link to a party that cannot be reached."""
    message = _("No e-mail and no phone that can be reached is registered for %(party)s.")
    label = str(AgreementParty(party).label).lower()
    return ValidationError(message % {"party": label}, code="no_address")


def citizens_of(link: SignedLink) -> list[uuid.UUID]:
    """Return the public id of the citizen whom the page shows."""
    placements = Placement.everything.filter(public_id=link.subject)
    return list(placements.values_list("course__citizen__public_id", flat=True))


def send_link_about(
    purpose: str, placement: Placement, kind: RecipientKind, *, by: User | None, now: datetime.datetime
) -> None:
    """Send the contact person or the citizen a link about the placement and its renewals.

    Refused without a work agreement, and for somebody who cannot be reached.
    """
    engagement = engagement_of(placement)
    if engagement is None:
        raise ValidationError(_("There is no work agreement for this placement."), code="no_agreement")
    contact = CompanyContact.objects.get(pk=engagement.contact)
    linked = LinkedPlacement(placement, engagement, contact, kind == RecipientKind.COMPANY_CONTACT)
    address = address_of(linked)
    if address is None or address.channel is None:
        raise no_address(AgreementParty.COMPANY if linked.is_company else AgreementParty.CITIZEN)
    issue_link(
        purpose,
        subject=engagement.first.public_id,
        recipient_kind=kind,
        recipient=contact.public_id if linked.is_company else placement.course.public_id,
        project=placement.course.project,
        by=by,
        now=now,
    )
