"""Shutting a person out from a citizen, and letting the person in again (D51)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from cases.actions.checks import refuse
from cases.models import Citizen, FunctionHolding, ShutOut
from jobfirst import clock


def is_shut_out(user: User, citizen_id: int) -> bool:
    """Whether the user is shut out from the citizen."""
    return ShutOut.objects.in_force().filter(user=user, citizen=citizen_id).exists()


@transaction.atomic
def shut_out(citizen: Citizen, user: User, reason: str, *, by: User) -> ShutOut:
    """Shut the user out from the citizen. ValidationError for somebody who holds a function in her course:
    it is handed over first, so that it is never vacant unnoticed."""
    locked = Citizen.objects.select_for_update(of=("self",), no_key=True).get(pk=citizen.pk)
    held = FunctionHolding.objects.in_force(clock.today()).filter(user=user, course__citizen=locked)
    if held.exists():
        raise refuse(
            "user", _("The person has a function in the course: give it to somebody else first."), "holds"
        )
    if is_shut_out(user, locked.pk):
        raise refuse("user", _("The person is shut out already."), "twice")
    row: ShutOut = ShutOut.objects.create(citizen=locked, user=user, reason=reason, shut_out_by=by)
    return row


@transaction.atomic
def lift_shut_out(row: ShutOut, *, by: User) -> ShutOut:
    """Let the person in again; ValidationError when somebody has done so."""
    locked = ShutOut.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.lifted_at is not None:
        raise ValidationError(_("The person has been let in again already."))
    locked.lifted_at, locked.lifted_by = clock.now(), by
    locked.save(update_fields=["lifted_at", "lifted_by"])
    return locked
