"""Signatures of a version of the plan for job (D21, D37)."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import CourseFunction
from cases.models.signature import (
    REFUSE_ANOTHER_HASH,
    DocumentSignature,
    DocumentSignatureVoid,
    SigningMethod,
)
from jobfirst.models import append_only
from plans.models.job import PlanForJob

ONLY_THE_LATEST_ONCE = """\
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


class PlanSignatureQuerySet(models.QuerySet["PlanSignature"]):
    def standing(self) -> "PlanSignatureQuerySet":
        """Return those that are not voided."""
        return self.filter(void__isnull=True)


class PlanSignature(DocumentSignature):
    """A party's signature of one version of the plan. A later version has none of them: changed content
    voids the signatures."""

    plan = models.ForeignKey(PlanForJob, on_delete=models.PROTECT, related_name="signatures")
    party = models.CharField(max_length=30, choices=PlanParty)

    objects = PlanSignatureQuerySet.as_manager()

    class Meta(DocumentSignature.Meta):
        constraints = [
            *DocumentSignature.Meta.constraints,
            models.UniqueConstraint(fields=["plan", "party", "attempt"], name="plans_signature_once"),
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
                func=REFUSE_ANOTHER_HASH + ONLY_THE_LATEST_ONCE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.party}"


class SignatureVoid(DocumentSignatureVoid):
    """That a signature of a plan was given by mistake."""

    signature = models.OneToOneField(PlanSignature, on_delete=models.PROTECT, related_name="void")

    class Meta(DocumentSignatureVoid.Meta):
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.signature_id}"
