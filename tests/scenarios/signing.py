"""Signing a work agreement: as a party on somebody's phone, by link, or all three."""

import datetime

from cases.actions.signing import Signing
from cases.models.signature import content_hash
from companies.models import AgreementSignature, WorkAgreement
from companies.signing import actions
from companies.signing.actions import Actor
from companies.signing.policy import LINK_ROLES

AT = datetime.datetime(2016, 5, 18, 9, 30, tzinfo=datetime.UTC)
DRAWING = "M10 20L40 60L80 20"


def fresh(agreement: WorkAgreement) -> WorkAgreement:
    """Return the version as stored now."""
    return WorkAgreement.objects.select_related("placement__course").get(pk=agreement.pk)


def signing_of(agreement: WorkAgreement, party: str) -> Signing:
    """Return how the party signs: the citizen draws, the company writes the name, the jobcentre's user."""
    return {
        "citizen": Signing("citizen", "drawn", drawing=DRAWING),
        "company": Signing("company", "name", name=agreement.company_contact_name),
        "jobcentre": Signing("jobcentre", "signed_in"),
    }[party]


def sign(agreement: WorkAgreement, party: str, by=None, *, at=AT, **values) -> AgreementSignature:
    """Sign as a party, on the phone of `by` or, without a user, by link."""
    agreement = fresh(agreement)
    actor = Actor(None, (LINK_ROLES[party],)) if by is None else Actor.of(by, agreement)
    seen = values.pop("seen", None) or content_hash(agreement.sealed_content())
    signing = values.pop("signing", None) or signing_of(agreement, party)
    return actions.sign_agreement(agreement, signing, actor=actor, seen=seen, at=at, **values)


def sign_for(agreement: WorkAgreement, party: str, by, reason: str = "no_email", **values):
    """Let somebody of the team sign for an outside party."""
    return sign(agreement, party, by, signing=Signing(party, "signed_in"), signed_for=reason, **values)


def sign_all(agreement: WorkAgreement, by, *, at=AT) -> WorkAgreement:
    """Let all three sign; return the version as stored."""
    for party in ("citizen", "company", "jobcentre"):
        sign(agreement, party, by, at=at)
    return fresh(agreement)


def decline(agreement: WorkAgreement, party: str, by=None, *, at=AT, reason="Timerne passer ikke", **values):
    """Decline as a party, recorded by `by` or, without a user, by link."""
    agreement = fresh(agreement)
    actor = Actor(None, (LINK_ROLES[party],)) if by is None else Actor.of(by, agreement)
    return actions.decline_agreement(agreement, party, reason=reason, actor=actor, at=at, **values)


def void(signature: AgreementSignature, by, *, at=AT, reason="Forkert telefon"):
    """Void a signature that was given by mistake."""
    agreement = fresh(signature.agreement)
    return actions.void_agreement_signature(
        agreement, signature, reason=reason, actor=Actor.of(by, agreement), at=at
    )
