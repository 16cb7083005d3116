"""Signing a version of the plan for job, and voiding a signature given by mistake (D21, D37)."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import check_running, locked
from cases.actions.signing import Signing, check_outside_signing, check_staff_signing
from cases.models import Course
from cases.models.signature import SigningMethod, content_hash
from jobfirst.kit.versioned import StaleError
from plans.models import PlanForJob, PlanParty, PlanSignature, SignatureVoid


@transaction.atomic
def sign_plan(
    plan: PlanForJob,
    signing: Signing,
    *,
    seen: str,
    at: datetime.datetime,
    by: User,
    submission: uuid.UUID | None = None,
) -> PlanSignature:
    """Sign the newest version of the plan.

    1. `seen` is the hash of the content on the page that was signed: StaleError when the plan has changed.
    2. Each party signs a version once: a second signature returns the first one, unless that is voided. The
       same form sent again returns what it made.
    3. The citizen draws, or confirms by the name that the plan has; staff sign as the user signed in.
    """
    course = locked(plan.course)
    latest = _latest_as_seen(course, plan, seen)
    signatures = list(latest.signatures.filter(party=signing.party).select_related("void"))
    for earlier in signatures:
        is_sent_again = submission is not None and earlier.submission == submission
        if is_sent_again or not hasattr(earlier, "void"):
            return earlier
    check_running(course)
    _check_method(latest, signing)
    content = latest.sealed_content()
    return PlanSignature.objects.create(
        plan=latest,
        party=signing.party,
        method=signing.method,
        name=latest.citizen_name if signing.party == PlanParty.CITIZEN else str(by),
        drawing=signing.drawing if signing.method == SigningMethod.DRAWN else "",
        content=content,
        content_hash=content_hash(content),
        signed_at=at,
        recorded_by=by,
        recorded_by_name=str(by),
        submission=submission,
        attempt=len(signatures) + 1,
    )


@transaction.atomic
def void_signature(signature: PlanSignature, *, reason: str, by: User) -> SignatureVoid:
    """Void a signature that was given by mistake; the signature and its version stay as they are.

    Refused for an earlier version and on an ended course, where nobody can sign again. Idempotent: a voided
    one stays voided, with its first reason.
    """
    course = locked(signature.plan.course)
    if course.plans.first() != signature.plan:
        raise ValidationError(
            _("The plan has been changed meanwhile: the signature holds for the earlier version only."),
            code="replaced",
        )
    earlier = SignatureVoid.objects.filter(signature=signature).first()
    if earlier is not None:
        return earlier
    check_running(course)
    return SignatureVoid.objects.create(
        signature=signature, reason=reason, voided_by=by, voided_by_name=str(by)
    )


def _latest_as_seen(course: Course, plan: PlanForJob, seen: str) -> PlanForJob:
    """Return the newest version of the course; StaleError unless it is this plan with the hash seen."""
    latest: PlanForJob | None = course.plans.first()
    if latest is None or latest.pk != plan.pk or content_hash(latest.sealed_content()) != seen:
        raise StaleError(latest, latest.number if latest else 0)
    return latest


def _check_method(plan: PlanForJob, signing: Signing) -> None:
    if signing.party == PlanParty.CITIZEN:
        check_outside_signing(signing, plan.citizen_name)
    else:
        check_staff_signing(signing)
