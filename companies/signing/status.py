"""The status of a version of the work agreement, and which version is in force (D15, D45, D47)."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.models import AgreementSignature, AgreementState, Placement, WorkAgreement


class AgreementStatus(models.TextChoices):
    """What stands in the columns of the table of rights (`companies.signing.policy`)."""

    DRAFT = "draft", _("Draft")
    AWAITING = "awaiting", _("Awaits signatures")
    PARTLY_SIGNED = "partly_signed", _("Partly signed")
    SIGNED = "signed", _("Signed by all")
    DECLINED = "declined", pgettext_lazy("work agreement", "Declined")
    REPLACED = "replaced", _("Replaced")
    ENDED = "ended", _("Ended")


def status_of(agreement: WorkAgreement, today: datetime.date) -> AgreementStatus:
    """Return the status of a version on a day: its state, unless the placement is over, and whether somebody
    has signed it already.

    Of a placement that was withdrawn no version holds.
    """
    if agreement.state == AgreementState.REPLACED or agreement.placement.withdrawn_at is not None:
        return AgreementStatus.REPLACED
    last_day = agreement.placement.last_day
    if last_day is not None and last_day < today:
        return AgreementStatus.ENDED
    if agreement.state == AgreementState.AWAITING and standing_signatures(agreement):
        return AgreementStatus.PARTLY_SIGNED
    return AgreementStatus(agreement.state)


def standing_signatures(agreement: WorkAgreement) -> dict[str, AgreementSignature]:
    """Return the signatures that stand, by party; one query."""
    signatures = agreement.signatures.select_related("void")
    return {signature.party: signature for signature in signatures if not signature.is_voided}


def in_force_on(placement: Placement, day: datetime.date) -> WorkAgreement | None:
    """Return the version in force on a day: the newest that all have signed and that has begun.

    Until all have signed a first one it is the newest that was put up for signing, or None: the placement
    has then begun unsigned (D47).
    """
    versions = placement.agreements.order_by("-number")
    signed = list(versions.signed_by_all())
    if signed:
        begun = [version for version in signed if version.valid_from <= day]
        return begun[0] if begun else signed[-1]
    return versions.exclude(state__in=(AgreementState.DRAFT, AgreementState.REPLACED)).first()
