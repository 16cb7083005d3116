"""Put a work agreement up for signing, sign it, decline it, void a signature (D15, D37, D45, D46).

Each function is one transaction under the course's lock, asks the table of rights
(`companies.signing.policy`) for whoever acts, and is idempotent: a double click, or two people at once, have
one outcome.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.actions.checks import check_running, locked, refuse
from cases.actions.corrections import check_reason
from cases.actions.deadlines import updates_deadlines
from cases.actions.signing import Signing, check_outside_signing, check_staff_signing
from cases.models.signature import SigningMethod, content_hash
from companies.deadlines import OF_AGREEMENTS
from companies.links.placements import no_address
from companies.models import (
    OUTSIDE_PARTIES,
    AgreementDecline,
    AgreementParty,
    AgreementSignature,
    AgreementSignatureVoid,
    AgreementState,
    SignedForReason,
    WorkAgreement,
)
from companies.signing import links
from companies.signing.amending import carry_signatures, signed_before
from companies.signing.hours import let_hours_follow
from companies.signing.notices import AGREEMENT_DECLINED, AGREEMENT_READY
from companies.signing.policy import AgreementAct, AgreementRole, may, roles_of
from companies.signing.sealing import seal
from companies.signing.status import AgreementStatus, standing_signatures, status_of
from jobfirst.kit.versioned import StaleError
from reminders.extension_points import NoticeKind
from reminders.notices import tell


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a user with the roles on the course, or an outside party by its link (no user)."""

    user: User | None
    roles: tuple[AgreementRole, ...]

    @classmethod
    def of(cls, user: User, agreement: WorkAgreement) -> "Actor":
        """Return a user who is signed in."""
        return cls(user, roles_of(user, agreement.course))

    @property
    def is_by_link(self) -> bool:
        """Whether it is an outside party by its link."""
        return self.user is None

    @property
    def recorded(self) -> dict[str, object]:
        """What a row keeps of whoever acts."""
        return {
            "recorded_by": self.user,
            "recorded_by_name": "" if self.user is None else str(self.user),
            "is_by_link": self.is_by_link,
        }


def party_name(agreement: WorkAgreement, party: str) -> str:
    """Return the name of an outside party as it stands in the version."""
    return agreement.citizen_name if party == AgreementParty.CITIZEN else agreement.company_contact_name


def act_of(party: str, actor: Actor, *, is_for: bool = False) -> AgreementAct:
    """Return the act of the table that it is when somebody signs as a party."""
    if is_for:
        return AgreementAct.SIGN_FOR
    if party in OUTSIDE_PARTIES and not actor.is_by_link:
        return AgreementAct.HOST
    return AgreementAct.SIGN


@updates_deadlines(*OF_AGREEMENTS)
@transaction.atomic
def put_up(agreement: WorkAgreement, *, actor: Actor, at: datetime.datetime) -> WorkAgreement:
    """Put a draft, or a declined version, up for signing.

    Signatures of the version before that the changes do not void are kept; when all three are, the version is
    sealed at once. Idempotent: a version that awaits signatures stays as it is.
    """
    course = locked(agreement.course)
    agreement = _current(agreement)
    check_running(course)
    check_allowed(AgreementAct.SEND, agreement, actor, at)
    if agreement.state not in (AgreementState.DRAFT, AgreementState.DECLINED):
        return agreement
    return begin_signing(agreement, at)


def begin_signing(agreement: WorkAgreement, at: datetime.datetime) -> WorkAgreement:
    """Let a version await its signatures, and keep those that its changes do not void (D45).

    Needs the course's lock.
    """
    is_new = agreement.state == AgreementState.DRAFT
    agreement.state = AgreementState.AWAITING
    agreement.save(update_fields=["state"])
    if is_new:
        signed = signed_before(agreement)
        if signed is not None:
            carry_signatures(signed, agreement)
        earlier = agreement.placement.agreements.filter(number__lt=agreement.number)
        replaced = earlier.order_by("-number").first()
        if replaced is not None:
            links.follow_next_version(replaced, agreement, at)
    if not agreement.placement.agreements.signed_by_all().exists():
        let_hours_follow(agreement)
    _seal_when_complete(agreement, at)
    return agreement


@updates_deadlines(*OF_AGREEMENTS)
@transaction.atomic
def sign_agreement(
    agreement: WorkAgreement,
    signing: Signing,
    *,
    actor: Actor,
    seen: str,
    at: datetime.datetime,
    signed_for: str = "",
    submission: uuid.UUID | None = None,
) -> AgreementSignature:
    """Sign the version as a party; the third signature seals it.

    1. `seen` is the hash of the content on the page that was signed: StaleError when a later version exists.
    2. Each party signs a version once: a second signature returns the first one, unless that is voided.
    3. An outside party draws, or confirms by the name in the agreement. The jobcentre signs last, as the user
       signed in. `signed_for` is the reason why somebody of the team signs for an outside party (D46).
    """
    course = locked(agreement.course)
    agreement = _as_seen(agreement, seen)
    signatures = list(agreement.signatures.filter(party=signing.party).select_related("void"))
    for earlier in signatures:
        is_sent_again = submission is not None and earlier.submission == submission
        if is_sent_again or not earlier.is_voided:
            return earlier
    check_running(course)
    check_allowed(act_of(signing.party, actor, is_for=bool(signed_for)), agreement, actor, at)
    _check_order(agreement, signing.party, actor, signed_for)
    _check_method(agreement, signing, signed_for)
    signature = _signature(agreement, signing, actor)
    signature.signed_at, signature.signed_for = at, signed_for
    signature.submission, signature.attempt = submission, len(signatures) + 1
    signature.save()
    _seal_when_complete(agreement, at)
    if set(standing_signatures(agreement)) == set(OUTSIDE_PARTIES):
        _tell(AGREEMENT_READY, agreement, at)
    return signature


@transaction.atomic
def send_agreement_link(agreement: WorkAgreement, party: str, *, actor: Actor, at: datetime.datetime) -> None:
    """Send an outside party the link to sign, or to its copy once all have signed; a new one revokes it.

    Refused for a party that has signed already, and for one without a registered address.
    """
    locked(agreement.course)
    agreement = _current(agreement)
    check_allowed(AgreementAct.SEND, agreement, actor, at)
    is_signed = agreement.state == AgreementState.SIGNED
    if not is_signed and party in standing_signatures(agreement):
        raise ValidationError(_("This party has signed the version."), code="signed")
    purpose = links.READ if is_signed else links.SIGN
    if not links.send_link_to(purpose, agreement, party, by=actor.user, at=at):
        raise no_address(party)


@transaction.atomic
def show_copy(agreement: WorkAgreement, party: str, *, actor: Actor, at: datetime.datetime) -> str:
    """Return the secret of a link to a party's copy, for the phone of a party that has signed here.

    Refused for a party that has not signed.
    """
    locked(agreement.course)
    agreement = _current(agreement)
    check_allowed(AgreementAct.SEND, agreement, actor, at)
    if party not in standing_signatures(agreement):
        raise ValidationError(_("This party has not signed the version."), code="unsigned")
    return links.show_copy_link(agreement, party, at)


def _tell(kind: NoticeKind, agreement: WorkAgreement, at: datetime.datetime) -> None:
    """Tell job consultant and course owner with their next digest."""
    today = timezone.localdate(at)
    course = agreement.course
    tell(kind, course.public_id, links.people_to_tell(course, today), today)


def _signature(agreement: WorkAgreement, signing: Signing, actor: Actor) -> AgreementSignature:
    """Return the unsaved signature of the version as it stands."""
    content = agreement.sealed_content()
    is_outside = signing.party in OUTSIDE_PARTIES
    return AgreementSignature(
        agreement=agreement,
        party=signing.party,
        method=signing.method,
        name=party_name(agreement, signing.party) if is_outside else str(actor.user),
        drawing=signing.drawing if signing.method == SigningMethod.DRAWN else "",
        content=content,
        content_hash=content_hash(content),
        **actor.recorded,
    )


@updates_deadlines(*OF_AGREEMENTS)
@transaction.atomic
def decline_agreement(
    agreement: WorkAgreement,
    party: str,
    *,
    reason: str,
    actor: Actor,
    at: datetime.datetime,
    submission: uuid.UUID | None = None,
) -> AgreementDecline:
    """Record that an outside party does not want to sign the version, and why.

    Idempotent: of two declines of a party the first stands. Whoever has signed cannot decline.
    """
    course = locked(agreement.course)
    agreement = _current(agreement)
    earlier = _earlier_decline(agreement, party, submission)
    if earlier is not None:
        return earlier
    check_running(course)
    check_allowed(AgreementAct.DECLINE, agreement, actor, at)
    if party not in OUTSIDE_PARTIES:
        raise ValidationError(_("The jobcentre changes the agreement instead of declining it."), code="party")
    if party in standing_signatures(agreement):
        raise ValidationError(_("This party has signed the agreement."), code="signed")
    check_reason(reason, field="reason", words=_("Write why."))
    decline: AgreementDecline = AgreementDecline.objects.create(
        agreement=agreement,
        party=party,
        reason=reason.strip(),
        declined_at=at,
        submission=submission,
        **actor.recorded,
    )
    agreement.state = AgreementState.DECLINED
    agreement.save(update_fields=["state"])
    _tell(AGREEMENT_DECLINED, agreement, at)
    return decline


def _earlier_decline(
    agreement: WorkAgreement, party: str, submission: uuid.UUID | None
) -> AgreementDecline | None:
    """Return what the same form has made, or the party's decline that stands."""
    declines = agreement.declines.all()
    if submission is not None and (sent_again := declines.filter(submission=submission).first()):
        return sent_again
    is_declined = agreement.state == AgreementState.DECLINED
    return declines.filter(party=party).first() if is_declined else None


@updates_deadlines(*OF_AGREEMENTS)
@transaction.atomic
def void_agreement_signature(
    agreement: WorkAgreement,
    signature: AgreementSignature,
    *,
    reason: str,
    actor: Actor,
    at: datetime.datetime,
) -> AgreementSignatureVoid:
    """Void a signature of the version that was given by mistake; never after all three have signed.

    A new version is the way then. Idempotent: a voided one stays voided, with its first reason.
    """
    course = locked(agreement.course)
    agreement = _current(agreement)
    earlier = AgreementSignatureVoid.objects.filter(signature=signature).first()
    if earlier is not None:
        return earlier
    check_running(course)
    check_allowed(AgreementAct.VOID, agreement, actor, at)
    assert actor.user is not None  # nobody voids by a link: the table of rights
    check_reason(reason, field="reason", words=_("Write why."))
    void: AgreementSignatureVoid = AgreementSignatureVoid.objects.create(
        signature=signature,
        reason=reason.strip(),
        voided_by=actor.user,
        voided_by_name=str(actor.user),
    )
    return void


def check_allowed(act: AgreementAct, agreement: WorkAgreement, actor: Actor, at: datetime.datetime) -> None:
    """Refuse what the table does not allow; the words name the status."""
    status = status_of(agreement, timezone.localdate(at))
    if may(act, status, *actor.roles):
        return
    message = REFUSALS.get(status) or _("Your function on the course does not allow it.")
    raise ValidationError(message, code=f"not_{act}")


def _check_order(agreement: WorkAgreement, party: str, actor: Actor, signed_for: str) -> None:
    """Refuse the jobcentre before the others, and one person who signs for both outside parties (D46)."""
    standing = standing_signatures(agreement)
    if party == AgreementParty.JOBCENTRE:
        if any(outside not in standing for outside in OUTSIDE_PARTIES):
            message = _("The jobcentre signs last, when the citizen and the company have signed.")
            raise ValidationError(message, code="last")
    elif signed_for and any(
        signature.signed_for and signature.recorded_by == actor.user
        for other, signature in standing.items()
        if other != party
    ):
        message = _("You have signed for the other party. Somebody else must sign for this one.")
        raise ValidationError(message, code="both")


def _check_method(agreement: WorkAgreement, signing: Signing, signed_for: str) -> None:
    if signing.party not in OUTSIDE_PARTIES or signed_for:
        if signed_for and signed_for not in SignedForReason:
            raise refuse("signed_for", _("Choose a reason."), "reason")
        check_staff_signing(signing)
    else:
        check_outside_signing(signing, party_name(agreement, signing.party))


def _seal_when_complete(agreement: WorkAgreement, at: datetime.datetime) -> None:
    if len(standing_signatures(agreement)) < len(AgreementParty):
        return
    seal(agreement, at)
    let_hours_follow(agreement)
    links.send_copies(agreement, at)


def _current(agreement: WorkAgreement) -> WorkAgreement:
    """Return the version as stored now, with its placement. Needs the course's lock."""
    versions = WorkAgreement.objects.select_related("placement__course", "placement__company")
    current: WorkAgreement = versions.get(pk=agreement.pk)
    return current


def _as_seen(agreement: WorkAgreement, seen: str) -> WorkAgreement:
    """Return the version as stored; StaleError unless it is the newest one, with the hash seen."""
    agreement = _current(agreement)
    latest: WorkAgreement | None = agreement.placement.agreements.first()
    if latest is None or latest.pk != agreement.pk or content_hash(agreement.sealed_content()) != seen:
        raise StaleError(latest, latest.number if latest else 0)
    return agreement


#: Why a status allows nothing more, in words.
REFUSALS = {
    AgreementStatus.DRAFT: gettext_lazy("The agreement is a draft: it is put up for signing first."),
    AgreementStatus.SIGNED: gettext_lazy("All three have signed. Changes need a new version."),
    AgreementStatus.DECLINED: gettext_lazy("The agreement was declined. Change it, or send it again."),
    AgreementStatus.REPLACED: gettext_lazy("There is a newer version of the agreement."),
    AgreementStatus.ENDED: gettext_lazy("The placement is over."),
}
