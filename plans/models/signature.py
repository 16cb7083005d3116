"""Signatures of a version of the plan for job (D21, D37)."""

import hashlib

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import CourseFunction
from jobfirst.models import Record, append_only
from plans.models.job import PlanForJob

#: A drawing as the commands of an SVG path: whole numbers, moves and lines only.
DRAWING = r"(M[0-9]{1,3} [0-9]{1,3}(L[0-9]{1,3} [0-9]{1,3})*)*"
#: The box in which a signature is drawn.
DRAWING_WIDTH, DRAWING_HEIGHT = 320, 120

SIGNS_WHAT_WAS_SEEN = """
    IF NEW.content_hash <> encode(sha256(convert_to(NEW.content, 'UTF8')), 'hex') THEN
        RAISE EXCEPTION 'the hash of a signature is not that of its content';
    END IF;
    IF EXISTS (
        SELECT FROM plans_planforjob signed JOIN plans_planforjob later USING (course_id)
        WHERE signed.id = NEW.plan_id AND later.number > signed.number
    ) THEN
        RAISE EXCEPTION 'an earlier version of a plan for job is not signed';
    END IF;
    IF NEW.attempt > 1 AND EXISTS (
        SELECT FROM plans_plansignature standing
        WHERE standing.plan_id = NEW.plan_id AND standing.party = NEW.party
        AND NOT EXISTS (SELECT FROM plans_signaturevoid void WHERE void.signature_id = standing.id)
    ) THEN
        RAISE EXCEPTION 'this party has signed the version';
    END IF;
    RETURN NEW;
"""


class PlanParty(models.TextChoices):
    """Who makes the plan, and signs it."""

    CITIZEN = "citizen", _("The citizen")
    COURSE_OWNER = CourseFunction.COURSE_OWNER.value, CourseFunction.COURSE_OWNER.label
    CASEWORKER = (
        CourseFunction.COORDINATING_CASEWORKER.value,
        CourseFunction.COORDINATING_CASEWORKER.label,
    )


class SigningMethod(models.TextChoices):
    DRAWN = "drawn", _("Drawn on the screen")
    NAME = "name", _("Confirmed by name")
    SIGNED_IN = "signed_in", _("Confirmed by the signed-in user")


def content_hash(content: str) -> str:
    """Return the SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()


class PlanSignatureQuerySet(models.QuerySet["PlanSignature"]):
    def standing(self) -> "PlanSignatureQuerySet":
        """Return those that are not voided."""
        return self.filter(void__isnull=True)


class PlanSignature(Record):
    """A party's signature of one version: who, when, how, and the hash of what was seen. Never changes.

    A later version has none of them: changed content voids the signatures. One given by mistake is voided by
    a `SignatureVoid` beside it; then the party can sign the version in another `attempt`. `content` is the
    text that was hashed (`PlanForJob.sealed_content`), so that the seal can be checked whatever fields a plan
    has later.
    """

    plan = models.ForeignKey(PlanForJob, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=30, choices=PlanParty)
    method = models.CharField(_("How do you sign?"), max_length=10, choices=SigningMethod)
    name = models.CharField(_("name"), max_length=254)
    drawing = models.TextField(blank=True, validators=[RegexValidator(rf"^{DRAWING}$")])
    content = models.TextField(editable=False)
    content_hash = models.CharField(max_length=64, editable=False)
    signed_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_by_name = models.CharField(max_length=254, blank=True, editable=False)
    attempt = models.PositiveSmallIntegerField(default=1, editable=False)

    objects = PlanSignatureQuerySet.as_manager()
    jobfirst_append_only = True

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "party", "attempt"], name="plans_signature_once"),
            models.CheckConstraint(condition=~Q(name=""), name="plans_signature_name"),
            models.CheckConstraint(
                condition=Q(method=SigningMethod.DRAWN) & ~Q(drawing="")
                | ~Q(method=SigningMethod.DRAWN) & Q(drawing=""),
                name="plans_signature_drawing",
            ),
            models.CheckConstraint(
                condition=Q(drawing="") | Q(drawing__regex=rf"^{DRAWING}$"), name="plans_signature_path"
            ),
            models.CheckConstraint(
                condition=Q(party=PlanParty.CITIZEN) & ~Q(method=SigningMethod.SIGNED_IN)
                | ~Q(party=PlanParty.CITIZEN) & Q(method=SigningMethod.SIGNED_IN),
                name="plans_signature_method",
            ),
        ]
        triggers = [
            *append_only(),
            pgtrigger.Trigger(
                name="signs_what_was_seen",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=SIGNS_WHAT_WAS_SEEN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.party}"


class SignatureVoid(Record):
    """That a signature was given by mistake: who voided it, when (`created_at`), and why. Never changes.

    The signature and the version that it seals stay as they are.
    """

    signature = models.OneToOneField(PlanSignature, on_delete=models.PROTECT, related_name="void")
    reason = models.CharField(_("reason"), max_length=300)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    voided_by_name = models.CharField(max_length=254, editable=False)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("voided signature")
        verbose_name_plural = _("voided signatures")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="plans_signature_void_reason"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.signature_id}"
