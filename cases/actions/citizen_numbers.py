"""A citizen gets another CPR number (D40): draw, course and history stay, and every earlier number finds her.

When the new number belongs to somebody who is stored already, both are the same person. The one who is drawn
stays, else the one who was referred first; the other referral is answered as "already in the trial" (D5).
"""

import uuid
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases import extension_points
from cases.actions.checks import changed, refuse
from cases.actions.corrections import check_reason
from cases.actions.referral_corrections import locked_referrals, reassess, record
from cases.models import (
    CaseCorrection,
    Citizen,
    CorrectionKind,
    EarlierNumber,
    Referral,
    ReferralState,
    ShutOut,
)
from cases.rules.eligibility import RefusalReason
from jobfirst import clock
from jobfirst.database.advisory_locks import LockKey, lock
from jobfirst.encryption import crypto
from jobfirst.kit.versioned import StaleError
from jobfirst.row_security.context import all_projects


def number_version(referral: Referral) -> int:
    """Return how often the number was replaced: the version of a form that replaces it."""
    return referral.corrections.filter(kind=CorrectionKind.NUMBER).count()


@all_projects("a number belongs to one citizen, in whatever project")
@transaction.atomic
def replace_number(
    referral: Referral,
    *,
    digits: str,
    reason: str,
    by: User | None = None,
    is_same_person: bool = False,
    version: int | None = None,
    submission: uuid.UUID | None = None,
) -> Referral:
    """Record the citizen's new number of ten digits; the earlier one still finds her (D40). Idempotent.

    1. Exclude all other changes of referrals, so that nobody refers her under either number meanwhile.
    2. Refuse on a referral that does not stand: another project may hold the citizen (D39).
    3. Store the number. When somebody in the trial has it, `is_same_person` must be confirmed; two citizens
       who have both been drawn cannot be one. Of somebody who was only refused nothing is told (D39).
    4. Assess an undrawn referral anew: the number has the birth date (D1).

    StaleError when the number was replaced since `version`. Returns the referral as it is then.
    """
    lock(LockKey.REFERRALS)
    citizen = Citizen.objects.select_for_update(of=("self",)).get(referrals=referral)
    if citizen.erased_on is not None:
        raise ValidationError(_("The citizen has been erased."))
    referral = Referral.objects.get(pk=referral.pk)
    if CaseCorrection.submitted(submission):
        return referral
    if version is not None and version != number_version(referral):
        raise StaleError(citizen, number_version(referral))
    if citizen.cpr == digits:
        return referral
    check_reason(reason, field="correction_reason", words=_("Say why the number is replaced."))
    if referral.state != ReferralState.ACCEPTED:
        text = _("The referral does not stand. Refer the citizen again with the right number.")
        raise ValidationError(text, code="does_not_stand")
    citizen = _with_number(citizen, digits, is_same_person, by, referral)
    record(referral, CorrectionKind.NUMBER, reason, by, submission=submission)
    _assess_undrawn(citizen)
    return Referral.objects.get(pk=referral.pk)


def _with_number(
    citizen: Citizen, digits: str, is_same_person: bool, by: User | None, referral: Referral
) -> Citizen:
    """Give the citizen the number; return the citizen who has it then, of two who are one person."""
    lookup = crypto.lookup_hash(digits)
    holder_id = Citizen.objects.by_lookup([lookup]).get(lookup)
    if holder_id is None:
        EarlierNumber.new(citizen, citizen.cpr).save(force_insert=True)
        _set_number(citizen, digits)
        return citizen
    if holder_id != citizen.pk:
        citizen = _one_person(citizen, Citizen.objects.get(pk=holder_id), is_same_person, by, referral)
    _swap_number(citizen, digits)
    return citizen


def _set_number(citizen: Citizen, digits: str) -> None:
    citizen.cpr_cipher = crypto.encrypt(digits, citizen.public_id.bytes)
    citizen.cpr_lookup = crypto.lookup_hash(digits)
    citizen.save(update_fields=["cpr_cipher", "cpr_lookup"])


def _swap_number(citizen: Citizen, digits: str) -> None:
    """Make an earlier number of the citizen the present one, and the present one an earlier one."""
    before = citizen.cpr
    if before == digits:
        return
    earlier = EarlierNumber.objects.get(citizen=citizen, cpr_lookup__in=crypto.lookup_hash(digits).all)
    earlier.cpr_cipher = crypto.encrypt(before, earlier.public_id.bytes)
    earlier.cpr_lookup = crypto.lookup_hash(before)
    earlier.save(update_fields=["cpr_cipher", "cpr_lookup"])
    _set_number(citizen, digits)


def _one_person(
    citizen: Citizen, other: Citizen, is_same_person: bool, by: User | None, acting: Referral
) -> Citizen:
    """Make one citizen of two and return it: the drawn one, else the one who was referred first.

    The other one's referrals and numbers go over to it; those that stood are refused. Both rows of citizens
    are locked by the lock of all referrals.
    """
    referrals = locked_referrals(
        Referral.objects.filter(citizen__in=[citizen, other]).values_list("pk", flat=True)
    )
    drawn = extension_points.drawn_among([referral.pk for referral in referrals])
    drawn_citizens = {referral.citizen_id for referral in referrals if referral.pk in drawn}
    standing = {row.citizen_id for row in referrals if row.state == ReferralState.ACCEPTED}
    # Somebody who was only refused is answered like an unknown number, and how far the other one has come in
    # the trial is not told before the answer (docs/privacy.md).
    if other.pk in standing and not is_same_person:
        text = _("Somebody with this number is already referred. Confirm that it is the same person.")
        raise refuse("is_same_person", text, "other_citizen")
    if len(drawn_citizens) > 1:
        text = _("Somebody with this number has been drawn, too. Nothing is saved: tell the agency.")
        raise refuse("cpr", text, "both_drawn")
    remaining_id = _remaining(referrals, drawn_citizens) or citizen.pk
    remaining, gone = (citizen, other) if remaining_id == citizen.pk else (other, citizen)
    for referral in referrals:
        if referral.citizen_id == gone.pk:
            _move(referral, remaining, by if referral.project_id == acting.project_id else None)
    _move_other_rows(gone, remaining)
    EarlierNumber.new(remaining, gone.cpr).save(force_insert=True)
    gone.delete()
    return remaining


def _remaining(referrals: Collection[Referral], drawn_citizens: Collection[int]) -> int | None:
    """Return the id of the citizen who stays: drawn, else with the earliest referral that stands."""
    if drawn_citizens:
        return next(iter(drawn_citizens))
    standing = [referral for referral in referrals if referral.state == ReferralState.ACCEPTED]
    first = min(standing, key=lambda referral: (referral.referred_on, referral.pk), default=None)
    return None if first is None else first.citizen_id


def _move(referral: Referral, citizen: Citizen, by: User | None) -> None:
    """Give a referral to the citizen who stays; one that stood is refused, and its project reads why."""
    fields: dict[str, object] = {"citizen": citizen}
    if referral.state == ReferralState.ACCEPTED:
        refusal = str(RefusalReason.ALREADY_REFERRED)
        fields |= {"state": ReferralState.REFUSED, "reasons": [refusal], "flags": []}
        change = {"field": "state", "before": "accepted", "after": "refused"}
        text = _("A new CPR number shows that the citizen is in the trial already.")
        record(referral, CorrectionKind.FACTS, text, by, changes=[change])
    changed(referral, fields)


def _move_other_rows(gone: Citizen, remaining: Citizen) -> None:
    """Give all else that refers to the citizen who goes to the one who stays: numbers, legal holds, paid
    hours, and who is shut out, which holds once for a person: the second row ends, and nobody lifted it.

    ValidationError when both have what a citizen has once, such as the paid hours of a month. It does not say
    what: the other one may be known to another project only (D39).
    """
    shut_out = ShutOut.objects.in_force().filter(citizen=remaining).values("user")
    twice = ShutOut.objects.in_force().filter(citizen=gone, user__in=shut_out)
    twice.update(lifted_at=clock.now())
    for relation in Citizen._meta.related_objects:
        model, key = relation.related_model, relation.field
        rows = model._base_manager.filter(**{key.name: gone})
        is_history = not getattr(key, "db_constraint", False)  # it has no constraint, and stays as it was
        if is_history or not rows.exists():
            continue
        try:
            with transaction.atomic():
                rows.update(**{key.name: remaining})
        except IntegrityError as error:
            text = _("The number cannot be given to this citizen. Nothing is saved: tell the agency.")
            raise refuse("cpr", text, "not_one") from error


def _assess_undrawn(citizen: Citizen) -> None:
    """Assess the citizen's referral that stands anew, unless it is drawn."""
    standing = Referral.objects.accepted().filter(citizen=citizen).values_list("pk", flat=True)
    for referral in locked_referrals(standing):
        if referral.pk in extension_points.drawn_among([referral.pk]):
            continue
        answer = reassess(referral)
        if answer["state"] != referral.state:
            change = {"field": "state", "before": referral.state, "after": answer["state"]}
            text = _("The new CPR number has another birth date.")
            record(referral, CorrectionKind.FACTS, text, None, changes=[change])
            changed(referral, answer)
