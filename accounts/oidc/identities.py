"""Which user the claims name, and which roles they give."""

import datetime
import logging
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Min, Q
from django.utils import timezone

from accounts.models import Identity, Membership, Project, User
from accounts.oidc.refusals import Refusal, RefusedSignInError
from accounts.oidc.role_mapping import GivenRole, role_mapping
from accounts.people import actions
from accounts.people.locks import locked_user
from audit.models import SecurityKind
from audit.security import record_security
from jobfirst import clock

logger = logging.getLogger(__name__)


class NamedUser(NamedTuple):
    """The open account that the claims name, and whether their subject is stored with it."""

    user: User
    is_linked: bool


@transaction.atomic
def user_of(issuer: str, claims: dict[str, Any], *, proved: User | None = None) -> NamedUser:
    """Return the open account that the claims name: by the stored subject, or once by the verified address.

    An account with a second step here is linked once its owner has done that (`proved`): an address is
    changed by one administrator, and must not lead round the second step.
    RefusedSignInError for everybody else: nobody signs up.
    """
    subject = str(claims["sub"])
    identity = Identity.objects.filter(issuer=issuer, subject=subject).select_related("user").first()
    if identity is not None:
        return NamedUser(_open_account(identity.user), is_linked=True)
    if not claims.get("email"):
        raise RefusedSignInError(Refusal.UNVERIFIED)
    user = User.objects.filter(email=str(claims["email"]).strip().lower()).first()
    is_verified = claims.get("email_verified")
    if is_verified is not True and is_verified != "true":
        raise RefusedSignInError(Refusal.UNVERIFIED, user)
    if user is None:
        raise RefusedSignInError(Refusal.UNKNOWN)
    user = _open_account(locked_user(user))
    linked = Identity.objects.filter(issuer=issuer, user=user).first()
    if linked is not None and linked.subject == subject:  # by a sign-in at the same moment
        return NamedUser(user, is_linked=True)
    if linked is not None:
        raise RefusedSignInError(Refusal.OTHER, user)
    if user != proved and has_second_step_here(user):
        return NamedUser(user, is_linked=False)
    _link(user, issuer, subject)
    return NamedUser(user, is_linked=True)


def _link(user: User, issuer: str, subject: str) -> None:
    """Store the subject with the user; refused when it was stored with somebody else at the same moment."""
    try:
        with transaction.atomic():
            Identity.objects.create(user=user, issuer=issuer, subject=subject)
    except IntegrityError as error:
        raise RefusedSignInError(Refusal.OTHER, user) from error
    record_security(SecurityKind.IDENTITY_LINKED, user)


def has_second_step_here(user: User) -> bool:
    """Whether the person has set up a second step in this system."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]))


def enters_by_provider_alone(user: User) -> bool:
    """Whether a password is no way in: the second factor is the provider's, and a password would lead round
    it to setting one up here."""
    return user.identities.exists() and not has_second_step_here(user)


@transaction.atomic
def forget_identity(user: User) -> None:
    """Remove the stored subjects of the user; the next sign-in there is by the verified address again."""
    user = locked_user(user)
    if user.identities.all().delete()[0]:
        record_security(SecurityKind.IDENTITY_REMOVED, user)


def _open_account(user: User) -> User:
    if not user.is_active:
        raise RefusedSignInError(Refusal.CLOSED, user)
    return user


@transaction.atomic
def bring_roles_up_to_date(user: User, claims: dict[str, Any]) -> None:
    """Give and take the roles that the mapping speaks of, as the claims say; others stay as they are.

    An empty list ends them all. Without the claim nothing changes, since it may be missing by a fault of the
    provider's set-up; it is recorded, and administrators are told on the page of users until the roles are
    stated or one of them has seen to it.
    """
    if not settings.JOBFIRST_OIDC_ROLES_CLAIM:
        return
    mapping = role_mapping()
    values = _values(claims)
    user = locked_user(user)
    if values is None:
        logger.warning("the identity provider stated no roles")
        record_security(SecurityKind.ROLES_NOT_STATED, user)
        user.identities.filter(roles_unstated_since=None).update(roles_unstated_since=timezone.now())
        return
    end_roles_warning(user)
    managed = {role for roles in mapping.values() for role in roles}
    wanted = {role for value in values for role in mapping.get(value, ())}
    projects = {project.slug: project for project in Project.objects.all()}
    held = {
        GivenRole(membership.role, membership.project.slug if membership.project else ""): membership
        for membership in Membership.objects.filter(user=user).select_related("project", "user")
    }
    for role in sorted(wanted - held.keys()):
        if role.project in projects or not role.project:
            actions.give_role(user, role.role, projects.get(role.project))
    for role in sorted((managed & held.keys()) - wanted):
        try:
            actions.take_role(held[role], clock.today())
        except ValidationError:  # the only administrator; a mapping gives none, a person may have both
            logger.warning("a role that the identity provider no longer gives could not be taken")


def without_stated_roles() -> Q:
    """Return the condition of people with an open account whose roles the provider does not state.

    Nobody, and no query, without a mapping: all roles are given here then, whatever was noted before.
    """
    if not settings.JOBFIRST_OIDC_ROLES_CLAIM:
        return Q(pk__in=())
    unstated = Identity.objects.exclude(roles_unstated_since=None)
    return Q(pk__in=unstated.values("user"), is_active=True)


def people_without_stated_roles() -> int:
    """Return for how many people the provider states no roles. No query without a mapping."""
    return User.objects.filter(without_stated_roles()).count()


def roles_unstated_since(user: User) -> datetime.datetime | None:
    """Return since when the provider states no roles of the person; None when there is nothing to warn of."""
    people = User.objects.filter(without_stated_roles(), pk=user.pk)
    since: datetime.datetime | None = people.aggregate(since=Min("identities__roles_unstated_since"))["since"]
    return since


@transaction.atomic
def see_to_roles(user: User) -> None:
    """Record that an administrator says the roles are right, which ends the warning; nothing without one."""
    user = locked_user(user)
    if end_roles_warning(user):
        record_security(SecurityKind.ROLES_SEEN_TO, user)


def end_roles_warning(user: User) -> bool:
    """End the warning, and return whether there was one: the provider has stated the roles, or an
    administrator has looked at them. The next sign-in without the claim begins another."""
    warned_of = user.identities.exclude(roles_unstated_since=None)
    return warned_of.update(roles_unstated_since=None) > 0


def has_second_step(claims: dict[str, Any]) -> bool:
    """Whether the provider states a second factor (`amr` or `acr`, JOBFIRST_OIDC_SECOND_STEP)."""
    methods = claims.get("amr")
    stated = {str(method) for method in methods} if isinstance(methods, list) else set()
    stated.add(str(claims.get("acr", "")))
    return bool(stated & set(settings.JOBFIRST_OIDC_SECOND_STEP))


def _values(claims: dict[str, Any]) -> list[str] | None:
    """Return the values of the claim that holds roles or groups, a list or one text; None without it."""
    values = claims.get(settings.JOBFIRST_OIDC_ROLES_CLAIM)
    if isinstance(values, str):
        return [values]
    return [str(value) for value in values] if isinstance(values, list) else None
