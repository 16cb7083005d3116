"""Placing and lifting a legal hold."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from cases.models import Citizen, Referral
from rights.models import LegalHold


@transaction.atomic
def place_hold(
    referral: Referral, hold: LegalHold, *, by: User, submission: uuid.UUID | None = None
) -> LegalHold:
    """Store the hold of the referral's project for its citizen; the same form sent again returns that one.

    Her row is locked, so that an erasure that is under way has ended before, or waits and sees the hold.
    """
    locked = Citizen.objects.select_for_update(of=("self",), no_key=True).get(referrals=referral.pk)
    if submission and (made := LegalHold.objects.filter(submission=submission).first()):
        return made
    if locked.erased_on is not None:
        raise ValidationError(_("The citizen has been erased."))
    hold.citizen, hold.project = locked, referral.project
    hold.placed_by, hold.submission = by, submission
    hold.save()
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, reason: str, *, by: User) -> LegalHold:
    """Lift the hold; ValidationError when somebody has done so."""
    locked = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if locked.lifted_at is not None:
        raise ValidationError(_("The hold has been lifted already."))
    locked.lifted_at = max(timezone.now(), locked.placed_at)  # a clock may have been set back
    locked.lifted_by, locked.lifted_reason = by, reason
    locked.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    return locked
