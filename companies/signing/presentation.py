"""A work agreement and its signatures as pages and the PDF show them (D15, D37, D45, D46)."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.links.actions import LastLink, last_links
from cases.presentation.signatures import ShownSignature, show_signature
from companies.models import (
    OUTSIDE_PARTIES,
    AgreementParty,
    AgreementSeal,
    AgreementSignature,
    WorkAgreement,
)
from companies.models.amendments import SCHEDULE
from companies.presentation.agreements import document, week_in_words
from companies.signing.actions import Actor
from companies.signing.amending import changed_fields, signed_before, voided_by
from companies.signing.links import READ, SIGN, recipient_of
from companies.signing.policy import AgreementAct, may
from companies.signing.status import AgreementStatus, status_of
from jobfirst.kit.days import LONG_DATE, written_day
from jobfirst.kit.versioned import FieldDifference


def seal_of(agreement: WorkAgreement) -> AgreementSeal | None:
    """Return the seal of a version, or None while not all have signed it."""
    return AgreementSeal.objects.filter(agreement=agreement).first()


def signatures_of(agreement: WorkAgreement) -> list[ShownSignature]:
    """Return every party with its signature, and its voided ones; one or two queries."""
    signatures = list(agreement.signatures.select_related("void", "carried_from__agreement"))
    return [_of_party(agreement, party, signatures) for party in AgreementParty]


def _of_party(
    agreement: WorkAgreement, party: AgreementParty, signatures: Sequence[AgreementSignature]
) -> ShownSignature:
    of_party = [signature for signature in signatures if signature.party == party]
    standing = next((signature for signature in of_party if not signature.is_voided), None)
    carried_from = None if standing is None else standing.carried_from
    return show_signature(
        party,
        str(party.label),
        of_party,
        version=agreement if carried_from is None else carried_from.agreement,
        notes=[] if standing is None else list(_notes(standing)),
    )


def _notes(signature: AgreementSignature) -> Iterator[str]:
    """Yield what page and PDF say beside a signature: by link, for somebody, kept from an earlier version."""
    if signature.is_by_link:
        yield _("Signed by a personal link.")
    if signature.signed_for:
        words = _("%(person)s signed for %(party)s, who %(reason)s.")
        yield words % {
            "person": signature.recorded_by_name,
            "party": signature.name,
            "reason": signature.get_signed_for_display(),
        }
    if signature.carried_from is not None:
        words = _("Given on %(day)s to version %(number)s. What has changed since does not concern it.")
        yield words % {
            "day": written_day(timezone.localdate(signature.signed_at), LONG_DATE),
            "number": signature.carried_from.agreement.number,
        }


def printed(agreement: WorkAgreement) -> dict[str, Any]:
    """Return the context of the printed agreement with its signatures and its seal."""
    signatures = signatures_of(agreement)
    return {
        **document(agreement),
        "signatures": signatures,
        "is_begun": any(item.is_signed or item.voided for item in signatures),
        "seal": seal_of(agreement),
        "check_url": settings.JOBFIRST_BASE_URL + reverse("companies:check_agreement"),
    }


@dataclass(frozen=True)
class PartyLine:
    """A party with its signature, and what the user may do about it now."""

    signature: ShownSignature
    acts: frozenset[AgreementAct]
    last_link: LastLink | None = None

    @property
    def party(self) -> str:
        """The party."""
        return self.signature.party

    @property
    def is_outside(self) -> bool:
        """Whether the party has no account."""
        return self.party in OUTSIDE_PARTIES


#: What is offered for an outside party that has not signed.
_TO_SIGN = {AgreementAct.HOST, AgreementAct.SIGN_FOR, AgreementAct.DECLINE}


def party_lines(agreement: WorkAgreement, actor: Actor, today: datetime.date) -> list[PartyLine]:
    """Return the parties with what the table of rights allows whoever looks, in the order of signing."""
    status = status_of(agreement, today)
    allowed = {act for act in AgreementAct if may(act, status, *actor.roles)}
    signatures = signatures_of(agreement)
    outside_signed = all(item.is_signed for item in signatures if item.party in OUTSIDE_PARTIES)
    is_sealed = all(item.is_signed for item in signatures)
    last = last_links(READ if is_sealed else SIGN, [agreement.public_id])
    lines = []
    for item in signatures:
        acts: set[AgreementAct] = set()
        if item.is_signed:
            acts = allowed & {AgreementAct.VOID}
        elif item.party in OUTSIDE_PARTIES:
            acts = allowed & _TO_SIGN
        elif outside_signed:
            acts = allowed & {AgreementAct.SIGN}
        link = None
        if item.party in OUTSIDE_PARTIES:
            link = last.get((agreement.public_id, recipient_of(agreement, item.party)))
            if status in TO_SEND and (is_sealed or not item.is_signed):
                acts |= allowed & {AgreementAct.SEND}
        lines.append(PartyLine(item, frozenset(acts), link))
    return lines


#: The statuses in which an outside party gets a link.
TO_SEND = (AgreementStatus.AWAITING, AgreementStatus.PARTLY_SIGNED, AgreementStatus.SIGNED)


@dataclass(frozen=True)
class Amendment:
    """What a version changes, and whose signatures that voids (D45)."""

    earlier: WorkAgreement
    differences: Sequence[FieldDifference]
    voided: Sequence[str]


def amendment_of(agreement: WorkAgreement) -> Amendment | None:
    """Return what a version changes of the last one that somebody signed, or without one of the version
    before; None for the first."""
    before = agreement.placement.agreements.filter(number__lt=agreement.number).order_by("-number")
    earlier = signed_before(agreement) or before.first()
    if earlier is None:
        return None
    names = changed_fields(earlier, agreement)
    voided = voided_by(names)
    return Amendment(
        earlier,
        [_difference(name, earlier, agreement) for name in names if name != "company_contact"],
        [str(party.label) for party in AgreementParty if party in voided],
    )


def _difference(name: str, earlier: WorkAgreement, later: WorkAgreement) -> FieldDifference:
    if name == SCHEDULE:
        weeks = [week_in_words(version.periods()) or "–" for version in (earlier, later)]
        return FieldDifference(_("Weekly schedule"), *weeks)
    field = WorkAgreement._meta.get_field(name)
    label = LABELS[name]() if name in LABELS else str(field.verbose_name)  # type: ignore[union-attr]  # no relation
    values = [_in_words(version.printed()[name]) for version in (earlier, later)]
    return FieldDifference(label[:1].upper() + label[1:], *values)


def _in_words(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime.date):
        return written_day(value, LONG_DATE)
    if isinstance(value, list):
        return "\n".join(value)
    if value in (None, ""):
        return "–"
    return floatformat(value, "-2") if not isinstance(value, str | Model) else str(value)


#: The names of copied fields, which no form shows.
LABELS = {
    "citizen_name": lambda: _("Citizen"),
    "company_name": lambda: _("Company"),
    "company_cvr": lambda: _("CVR number"),
    "p_number": lambda: _("P-number"),
    "workplace_name": lambda: _("Workplace"),
    "workplace_address": lambda: _("Address"),
    "company_contact_name": lambda: _("Contact person"),
    "company_contact_title": lambda: _("Title"),
    "company_contact_phone": lambda: _("Phone"),
    "company_contact_email": lambda: _("E-mail"),
    "municipality_name": lambda: _("Jobcentre"),
    "mentor_name": lambda: _("Mentor"),
    "job_consultant_name": lambda: _("Job consultant"),
    "placement_kind": lambda: _("Kind"),
    "starts_on": lambda: _("First day"),
    "ends_on": lambda: _("Last day"),
    "internship_hours": lambda: _("internship hours a week"),
    "ordinary_hours": lambda: _("ordinary hours a week"),
    "progression_questions": lambda: _("Annex: the fixed questions"),
    "questions_are_own_choice": lambda: _("the project's own choice"),
    "goals": lambda: _("Goals for the progression"),
    "subgoals": lambda: _("Subgoals on the way"),
    "support_needs": lambda: _("Special support needs at the workplace"),
}
