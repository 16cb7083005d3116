"""Signatures of a version of the work agreement, refusals to sign, and the seal (D15, D37, D45, D46)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.signature import (
    REFUSE_ANOTHER_HASH,
    DocumentSignature,
    DocumentSignatureVoid,
    SigningMethod,
)
from companies.models import signature_triggers as sql
from companies.models.agreement import WorkAgreement
from companies.models.amendments import AgreementParty
from jobfirst.models import Record, append_only


class SignedForReason(models.TextChoices):
    """Why somebody of the team signs for an outside party (D46)."""

    NO_EMAIL = "no_email", _("has neither e-mail nor a phone for the link")
    CANNOT_READ = "cannot_read", _("cannot read the agreement; it was read aloud")
    ILL = "ill", _("is ill, and agreed by phone")
    AWAY = "away", _("is away, and agreed by phone")
    ANOTHER_LANGUAGE = "another_language", _("reads another language; it was interpreted")


class AgreementSignatureQuerySet(models.QuerySet["AgreementSignature"]):
    def standing(self) -> "AgreementSignatureQuerySet":
        """Return those that are not voided."""
        return self.filter(void__isnull=True)


class AgreementSignature(DocumentSignature):
    """A party's signature of one version of the work agreement.

    By link nobody is `recorded_by`. `signed_for` is the reason when somebody of the team signs for the party
    (D46). `carried_from` is the original when a later version keeps the signature, since its changes void
    others only (D45): the row then repeats what the original says.
    """

    agreement = models.ForeignKey(WorkAgreement, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=10, choices=AgreementParty)
    is_by_link = models.BooleanField(default=False, editable=False)
    signed_for = models.CharField(_("reason"), max_length=20, choices=SignedForReason, blank=True, default="")
    carried_from = models.ForeignKey(
        "self", null=True, editable=False, on_delete=models.PROTECT, related_name="carried_to"
    )

    objects = AgreementSignatureQuerySet.as_manager()

    class Meta(DocumentSignature.Meta):
        constraints = [
            *DocumentSignature.Meta.constraints,
            models.UniqueConstraint(
                fields=["agreement", "party", "attempt"], name="companies_signature_once"
            ),
            models.CheckConstraint(
                condition=Q(party=AgreementParty.JOBCENTRE, method=SigningMethod.SIGNED_IN, signed_for="")
                | ~Q(party=AgreementParty.JOBCENTRE) & Q(method=SigningMethod.SIGNED_IN) & ~Q(signed_for="")
                | ~Q(party=AgreementParty.JOBCENTRE) & ~Q(method=SigningMethod.SIGNED_IN) & Q(signed_for=""),
                name="companies_signature_method",
            ),
            models.CheckConstraint(
                condition=Q(is_by_link=True, recorded_by__isnull=True, signed_for="")
                & ~Q(party=AgreementParty.JOBCENTRE)
                | Q(is_by_link=False, recorded_by__isnull=False),
                name="companies_signature_by_link",
            ),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="signs_what_awaits_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=REFUSE_ANOTHER_HASH + sql.SIGN_IN_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.party}"


class AgreementSignatureVoid(DocumentSignatureVoid):
    """That a signature of a work agreement was given by mistake; never after all three have signed."""

    signature = models.OneToOneField(AgreementSignature, on_delete=models.PROTECT, related_name="void")

    class Meta(DocumentSignatureVoid.Meta):
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="before_the_seal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=sql.VOID_BEFORE_THE_SEAL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.signature_id}"


class AgreementDecline(Record):
    """That a party does not want to sign a version: who, when, why. By link nobody is `recorded_by`."""

    agreement = models.ForeignKey(WorkAgreement, on_delete=models.PROTECT, related_name="declines")
    party = models.CharField(max_length=10, choices=AgreementParty)
    reason = models.CharField(_("reason"), max_length=500)
    declined_at = models.DateTimeField()
    is_by_link = models.BooleanField(default=False, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by_name = models.CharField(max_length=254, blank=True, editable=False)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("declined work agreement")
        verbose_name_plural = _("declined work agreements")
        ordering = ["-declined_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="companies_decline_reason"),
            models.CheckConstraint(
                condition=Q(is_by_link=True, recorded_by__isnull=True)
                | Q(is_by_link=False, recorded_by__isnull=False),
                name="companies_decline_by_link",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.party}"


class AgreementSeal(Record):
    """That all three have signed a version: its content, schedule and signatures as one text, and its hash.

    `canonical` is JSON that names its own format (`companies.signing.sealing`); `sha256` is printed on the
    PDF. Both stay as they were, whatever is renamed, translated or added later. `sealed_on` is the day in
    Denmark.
    """

    agreement = models.OneToOneField(WorkAgreement, on_delete=models.PROTECT, related_name="seal")
    canonical = models.TextField(editable=False)
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    sealed_at = models.DateTimeField()
    sealed_on = models.DateField()

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")
        ordering = ["-sealed_at"]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="seals_three_signatures",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=sql.SEAL_THREE_SIGNATURES,
            ),
        ]

    def __str__(self) -> str:
        return self.sha256


class SealedPdf(models.Model):
    """The PDF of a sealed version as it was made first; it is served like that ever after."""

    seal = models.OneToOneField(AgreementSeal, on_delete=models.PROTECT, related_name="pdf")
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("sealed PDF")
        verbose_name_plural = _("sealed PDFs")
        ordering = ["pk"]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="hash_of_the_file",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=sql.HASH_OF_THE_FILE,
            ),
        ]

    def __str__(self) -> str:
        return self.sha256
