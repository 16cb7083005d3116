"""Actions on users: invite, give and take roles, close and reopen accounts.

A change of roles ends the user's open sessions at once: their hash contains `session_epoch`.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts import policy
from accounts.extension_points import Duty, Successors, access_changed, count_duties, role_ended
from accounts.models import Membership, Project, User
from accounts.people import invitations
from accounts.people.locks import ensure_not_erased, locked_user, locked_users
from audit.models import SecurityKind
from audit.security import record_security


@transaction.atomic
def invite_user(email: str, name: str, project: Project | None, roles: Iterable[str]) -> User:
    """Create a user without a password, with the roles, and send the invitation after the commit.

    Raises ValidationError when the address is taken or a role does not go with the project.
    """
    user = User(email=email.strip().lower(), name=name.strip())
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:  # the same address was invited concurrently
        raise ValidationError({"email": _("There is a user with this address already.")}) from error
    for role in dict.fromkeys(roles):
        _create_membership(user, role, project)
    invite_after_commit(user)
    return user


def invite_after_commit(user: User) -> None:
    """Send the user's due invitation after the commit."""
    transaction.on_commit(lambda: invitations.send_due([user.pk]), robust=True)


@transaction.atomic
def invite_again(user: User) -> None:
    """Send a new invitation; the earlier link becomes void. ValidationError when a password is set already,
    or the account is closed."""
    user = locked_user(user)
    if user.has_usable_password():
        raise ValidationError(_("This person has signed in already and can ask for a new password."))
    if not user.is_active:
        raise ValidationError(_("The account is closed. Open it before inviting again."))
    user.invited_at = None
    user.save(update_fields=["invited_at"])
    invite_after_commit(user)


@transaction.atomic
def change_phone(user: User, phone: str) -> User:
    """Save the user's phone number; empty removes it."""
    user = locked_user(user)
    user.phone = phone
    user.save(update_fields=["phone"])
    return user


@transaction.atomic
def give_role(user: User, role: str, project: Project | None) -> bool:
    """Give a role, in a project or (the agency, administrators) in none; False when it is held already.

    Raises ValidationError when role and project do not go together.
    """
    user = locked_user(user)
    if Membership.objects.filter(user=user, role=role, project=project).exists():
        return False
    _create_membership(user, role, project)
    end_sessions(user)
    return True


def duties_of_role(membership: Membership, today: date) -> list[Duty]:
    """Return what the person does in the role on the day or later."""
    if membership.project_id is None:
        return []
    duties = count_duties(membership.user, today, projects=[membership.project_id])
    return [duty for duty in duties if duty.role == membership.role]


@transaction.atomic
def take_role(
    membership: Membership,
    today: date,
    *,
    successors: Successors | None = None,
    vacant: int | None = None,
    by: User | None = None,
) -> None:
    """Take a role away, and with it what the person does in it: the successors go on with it.

    They are told, but for whoever takes the role (`by`); without `by` nobody is.
    ValidationError when it is the last administrator's, or when other than `vacant` functions would be left
    without a successor (None: any number may).
    """
    project, role = membership.project, membership.role
    manages_accounts = role == policy.ACCOUNT_MANAGER
    user, successors = _locked_people(membership.user, successors or {}, with_administrators=manages_accounts)
    if manages_accounts:
        _require_another_administrator(user)
    _check_vacant(duties_of_role(membership, today), successors, vacant)
    membership.delete()
    _record(SecurityKind.ROLE_TAKEN, user, role, project)
    end_sessions(user)
    role_ended(user, today, project=project, role=role, successors=successors, by=by)


@transaction.atomic
def deactivate_user(
    user: User,
    today: date,
    *,
    successors: Successors | None = None,
    vacant: int | None = None,
    by: User | None = None,
) -> None:
    """Close the account and end what the user holds: the successors go on with it, and are told.

    Not told is whoever closes it (`by`); without `by` nobody is. History and the user's name on past actions
    remain. ValidationError for the last administrator, or when other than `vacant` functions would be left
    without a successor (None: any number may).
    """
    user, successors = _locked_people(user, successors or {}, with_administrators=True)
    if policy.memberships_of_administrators().filter(user=user).exists():
        _require_another_administrator(user)
    _check_vacant(count_duties(user, today), successors, vacant)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _record(SecurityKind.ACCOUNT_CLOSED, user)
    end_sessions(user)
    access_changed(user)
    role_ended(user, today, successors=successors, by=by)


@transaction.atomic
def reactivate_user(user: User) -> None:
    """Open a closed account again, with the roles it had; ValidationError once the person was erased.

    Functions are given back apart (`give_duties_back`), as far as nobody has taken them over.
    """
    user = locked_user(user)
    user.is_active = True
    user.save(update_fields=["is_active"])
    _record(SecurityKind.ACCOUNT_OPENED, user)


@transaction.atomic
def accept_invitation(user: User, password: str) -> bool:
    """Set the invited person's first password; False when the invitation was used in the meantime."""
    user = locked_user(user)
    if user.has_usable_password() or not user.is_active:
        return False
    user.set_password(password)
    user.save(update_fields=["password"])
    return True


def _locked_people(
    user: User, successors: Successors, *, with_administrators: bool
) -> tuple[User, Successors]:
    """Return the user and the successors as stored now, locked.

    All rows are locked at once, in order of their ids; `with_administrators` those of all administrators too,
    so that two of them cannot close each other's accounts concurrently. ValidationError when the user, or a
    successor, was erased.
    """
    ids = {user.pk, *(successor.pk for successor in successors.values())}
    if with_administrators:
        ids.update(policy.memberships_of_administrators().values_list("user_id", flat=True))
    people = locked_users(ids)
    for person in (user, *successors.values()):
        ensure_not_erased(people[person.pk])
    return people[user.pk], {place: people[successor.pk] for place, successor in successors.items()}


def _check_vacant(duties: list[Duty], successors: Successors, confirmed: int | None) -> None:
    """Refuse to leave another number of functions vacant than was confirmed."""
    vacant = sum(duty.courses for duty in duties if (duty.project_id, duty.role) not in successors)
    if confirmed is not None and vacant != confirmed:
        raise ValidationError(_("The person's courses have changed meanwhile. Check the numbers again."))


def _create_membership(user: User, role: str, project: Project | None) -> None:
    membership = Membership(user=user, role=role, project=project)
    membership.full_clean()
    membership.save()
    _record(SecurityKind.ROLE_GIVEN, user, role, project)


def _record(kind: SecurityKind, user: User, role: str = "", project: Project | None = None) -> None:
    """Record in the audit log what becomes of the account; of a role "mentor aalborg"."""
    record_security(kind, user, f"{role} {project.slug if project else ''}".strip())


def end_sessions(user: User) -> None:
    """End all sessions of the user, whose row is locked."""
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])


def _require_another_administrator(user: User) -> None:
    """Raise ValidationError when no other open account has the role of administrator.

    Needs the locks of all administrators' rows.
    """
    others = policy.memberships_of_administrators().filter(user__is_active=True).exclude(user=user)
    if not others.exists():
        raise ValidationError(_("This is the only administrator. Give somebody else the role first."))
