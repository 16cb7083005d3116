"""Shutting a person out from a citizen, and letting the person in again (D51)."""

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.people.locks import locked_user
from cases.actions.checks import refuse
from cases.models import Citizen, FunctionHolding, ShutOut
from jobfirst import clock


def shut_out_from(user: User) -> frozenset[int]:
    """Return the ids of the citizens from whom a locked user is shut out; asked once for the user.

    `shut_out` waits for the lock of the user, so that this stays true until the transaction ends.
    """
    if "_shut_out_from" not in user.__dict__:
        fetch_shut_outs([user])
    citizens: frozenset[int] = user.__dict__["_shut_out_from"]
    return citizens


def fetch_shut_outs(users: Collection[User]) -> None:
    """Ask for all of the locked users at once what `shut_out_from` returns."""
    citizens: dict[int, set[int]] = {}
    rows = ShutOut.objects.in_force().filter(user__in=[user.pk for user in users]).order_by()
    for user_id, citizen_id in rows.values_list("user_id", "citizen_id"):
        citizens.setdefault(user_id, set()).add(citizen_id)
    for user in users:
        user.__dict__["_shut_out_from"] = frozenset(citizens.get(user.pk, ()))


@transaction.atomic
def shut_out(citizen: Citizen, user: User, reason: str, *, by: User) -> ShutOut:
    """Shut the user out from the citizen. ValidationError for somebody who holds a function in her running
    course, or will hold it: it is handed over first, so that it is never vacant unnoticed."""
    user = locked_user(user)
    locked = Citizen.objects.select_for_update(of=("self",), no_key=True).get(pk=citizen.pk)
    today = clock.today()
    held = FunctionHolding.objects.not_over(today).filter(user=user, course__citizen=locked)
    if held.exclude(course__ended_on__lte=today).exists():
        raise refuse(
            "user", _("The person has a function in the course: give it to somebody else first."), "holds"
        )
    if locked.pk in shut_out_from(user):
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
