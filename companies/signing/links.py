"""The links by which citizen and company sign a work agreement, and get their copy of it (D37, D44)."""

import datetime
import uuid
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.links.actions import issue_link, revoke_links, show_link
from accounts.links.models import RecipientKind, SignedLink
from accounts.links.purposes import LinkAddress, LinkPurpose
from accounts.models import User
from cases.models import Course, CourseFunction
from cases.team import team_of
from companies.links.placements import citizen_address, contact_address
from companies.links.undelivered import tell_team
from companies.models import OUTSIDE_PARTIES, AgreementParty, AgreementSeal, WorkAgreement
from companies.signing.notices import AGREEMENT_LINK_LOST
from companies.signing.policy import LINK_ROLES, AgreementAct, may
from companies.signing.status import standing_signatures, status_of
from jobfirst import clock

SIGN, READ = "agreement.sign", "agreement.read"


class LinkedAgreement(NamedTuple):
    """The version that a link is about, and the party that has the link."""

    agreement: WorkAgreement
    party: AgreementParty


def linked_agreement(link: SignedLink) -> LinkedAgreement | None:
    """Return what the link is about; None when the link was another's.

    Of a withdrawn placement nobody may see anything by link: `companies.signing.status`.
    """
    versions = WorkAgreement.objects.select_related(
        "placement__course__citizen", "placement__course__project", "placement__company", "company_contact"
    )
    agreement = versions.filter(public_id=link.subject).first()
    is_company = link.recipient_kind == RecipientKind.COMPANY_CONTACT
    party = AgreementParty.COMPANY if is_company else AgreementParty.CITIZEN
    if agreement is None or recipient_of(agreement, party) != link.recipient:
        return None
    return LinkedAgreement(agreement, party)


def recipient_of(agreement: WorkAgreement, party: str) -> uuid.UUID:
    """Return the public id under which a party gets its links: the contact person's, or the course's."""
    row = agreement.company_contact if party == AgreementParty.COMPANY else agreement.course
    return row.public_id


def may_by_link(act: AgreementAct, linked: LinkedAgreement, today: datetime.date) -> bool:
    """Whether the table of rights allows the party to do it now; nobody signs twice, or after the course."""
    if act != AgreementAct.SEE and linked.agreement.course.has_ended(today):
        return False
    status = status_of(linked.agreement, today)
    is_open = act != AgreementAct.SIGN or linked.party not in standing_signatures(linked.agreement)
    return is_open and may(act, status, LINK_ROLES[linked.party])


def address_of_party(agreement: WorkAgreement, party: str) -> LinkAddress | None:
    """Return where the party is reached now; None for a citizen who wants no messages, or of whom no address
    is registered."""
    municipality = agreement.municipality_name
    if party == AgreementParty.COMPANY:
        return contact_address(agreement.company_contact, municipality)
    return citizen_address(agreement.course, municipality)


def _find_address(act: AgreementAct, link: SignedLink) -> LinkAddress | None:
    linked = linked_agreement(link)
    if linked is None or not may_by_link(act, linked, clock.today()):
        return None
    return address_of_party(linked.agreement, linked.party)


def _find_address_for_copy(link: SignedLink) -> LinkAddress | None:
    """Return where the party is reached; None until all have signed, since the mail says that they have."""
    is_sealed = AgreementSeal.objects.filter(agreement__public_id=link.subject).exists()
    return _find_address(AgreementAct.SEE, link) if is_sealed else None


def citizens_of(link: SignedLink) -> list[uuid.UUID]:
    """Return the public id of the citizen whom the page shows."""
    agreements = WorkAgreement.objects.filter(public_id=link.subject)
    return list(agreements.values_list("placement__course__citizen__public_id", flat=True))


def send_link_to(
    purpose: str, agreement: WorkAgreement, party: str, *, by: User | None, at: datetime.datetime
) -> bool:
    """Send a party its link; False when the party cannot be reached. Lock the course first."""
    address = address_of_party(agreement, party)
    if address is None or address.channel is None:
        return False
    issue_link(
        purpose,
        subject=agreement.public_id,
        recipient_kind=_kind_of(party),
        recipient=recipient_of(agreement, party),
        project=agreement.course.project,
        by=by,
        now=at,
    )
    return True


def show_copy_link(agreement: WorkAgreement, party: str, at: datetime.datetime) -> str:
    """Return the secret of a link to a party's copy, for a page that shows it to the party and sends nothing.

    It leads to what the party has signed, and to the sealed agreement once all have. Lock the course first.
    """
    return show_link(
        READ,
        subject=agreement.public_id,
        recipient_kind=_kind_of(party),
        recipient=recipient_of(agreement, party),
        project=agreement.course.project,
        now=at,
    )


def _kind_of(party: str) -> RecipientKind:
    return RecipientKind.COMPANY_CONTACT if party == AgreementParty.COMPANY else RecipientKind.CITIZEN


def send_copies(agreement: WorkAgreement, at: datetime.datetime) -> None:
    """Send both outside parties the link to the agreement that all have signed. Lock the course first."""
    for party in OUTSIDE_PARTIES:
        revoke_links(SIGN, subject=agreement.public_id, recipient=recipient_of(agreement, party), now=at)
        send_link_to(READ, agreement, party, by=None, at=at)


def follow_next_version(earlier: WorkAgreement, later: WorkAgreement, at: datetime.datetime) -> None:
    """Revoke the links to a version that is replaced, and send those who had one the link to the next, unless
    their signature stands. Lock the course first."""
    asked = SignedLink.objects.filter(purpose=SIGN, subject=earlier.public_id)
    parties = {
        AgreementParty.COMPANY if kind == RecipientKind.COMPANY_CONTACT else AgreementParty.CITIZEN
        for kind in asked.values_list("recipient_kind", flat=True).distinct()
    }
    revoke_links(SIGN, subject=earlier.public_id, now=at)
    for party in sorted(parties - set(standing_signatures(later))):
        send_link_to(SIGN, later, party, by=later.made_by, at=at)


#: Who hears what becomes of an agreement.
FUNCTIONS_TO_TELL = (CourseFunction.JOB_CONSULTANT, CourseFunction.COURSE_OWNER)


def people_to_tell(course: Course, on: datetime.date) -> list[User]:
    """Return who hears what becomes of an agreement: job consultant and course owner."""
    return list(team_of(course, on, FUNCTIONS_TO_TELL))


def _not_arrived(link: SignedLink) -> None:
    linked = linked_agreement(link)
    if linked is not None:
        tell_team(AGREEMENT_LINK_LOST, linked.agreement.course, FUNCTIONS_TO_TELL)


PURPOSES = (
    LinkPurpose(
        code=SIGN,
        url_name="companies:sign_by_link",
        is_single_use=True,
        page_name=_("The work agreement, signed by link"),
        subject_line=_("A work agreement to read and sign"),
        text=_(
            "%(jobcentre)s asks you to read a work agreement and sign it. You can do it on a phone: "
            "%(url)s\n\nThe link works until %(last)s.\n\n%(sender)s"
        ),
        find_address=lambda link: _find_address(AgreementAct.SIGN, link),
        citizens=citizens_of,
        not_arrived=_not_arrived,
    ),
    LinkPurpose(
        code=READ,
        url_name="companies:read_by_link",
        is_single_use=False,
        page_name=_("The signed work agreement, read by link"),
        subject_line=_("The work agreement is signed by all"),
        text=_(
            "All three parties have signed the work agreement with %(jobcentre)s. Here you can read it and "
            "save your copy: %(url)s\n\nThe link works until %(last)s.\n\n%(sender)s"
        ),
        find_address=_find_address_for_copy,
        citizens=citizens_of,
        not_arrived=_not_arrived,
    ),
)
