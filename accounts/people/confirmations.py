"""Changes of accounts that a second administrator must confirm (docs/decisions, "Two administrators").

Two administrators are needed for any role of one's own, for every new administrator, and to reset the second
step of somebody's sign-in. Where there is only one, whoever runs the server confirms (`confirm_request`).
"""

import datetime
import enum
import uuid

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policy
from accounts.models import AccountRequest, Membership, Project, RequestKind, RequestOutcome, User
from accounts.oidc import identities
from accounts.people import actions, confirmation_mails
from accounts.people.locks import ensure_not_erased, locked_user, locked_users
from accounts.roles import role_in_words
from audit.models import SecurityKind
from audit.security import record_security

ASKED = {RequestKind.ROLE: SecurityKind.ROLE_ASKED, RequestKind.SECOND_STEP: SecurityKind.RESET_ASKED}
REFUSED = {RequestKind.ROLE: SecurityKind.ROLE_REFUSED, RequestKind.SECOND_STEP: SecurityKind.RESET_REFUSED}


class RoleAnswer(enum.Enum):
    """What became of the wish to give somebody a role."""

    GIVEN = "given"
    HELD = "held"  # the person has it already
    WAITING = "waiting"  # for another administrator


@transaction.atomic
def give_or_ask(person: User, role: str, project: Project | None, *, by: User | None) -> RoleAnswer:
    """Give the role, or ask another administrator for it; `by` None is a command on the server.

    ValidationError for an erased account.
    """
    if by is None or not policy.needs_second_administrator(by, person, role):
        is_new = actions.give_role(person, role, project)
        if is_new and by is not None:
            confirmation_mails.tell_of_role(person, role, project, by=by)
        return RoleAnswer.GIVEN if is_new else RoleAnswer.HELD
    ensure_not_erased(locked_users({person.pk, by.pk})[person.pk])
    if Membership.objects.filter(user=person, role=role, project=project).exists():
        return RoleAnswer.HELD
    Membership(user=person, role=role, project=project).full_clean()
    _ask(RequestKind.ROLE, person, by=by, role=role, project=project)
    return RoleAnswer.WAITING


@transaction.atomic
def invite(email: str, name: str, project: Project | None, role: str, *, by: User) -> tuple[User, RoleAnswer]:
    """Invite a user with a first role; a new administrator gets the role once another one confirms."""
    if role != policy.ACCOUNT_MANAGER:
        user = actions.invite_user(email, name, project, [role])
        confirmation_mails.tell_of_role(user, role, project, by=by)
        return user, RoleAnswer.GIVEN
    user = actions.invite_user(email, name, None, [])
    return user, give_or_ask(user, role, project, by=by)


@transaction.atomic
def ask_for_reset(person: User, reason: str, *, by: User) -> AccountRequest:
    """Ask another administrator to remove the second step of a person who has lost it, or the identity by
    which the municipality vouches for it."""
    if person.pk == by.pk:
        raise ValidationError(_("Nobody resets their own second step. Ask another administrator."))
    ensure_not_erased(locked_users({person.pk, by.pk})[person.pk])
    if not (Authenticator.objects.filter(user=person).exists() or person.identities.exists()):
        raise ValidationError(_("This person has not set up a second step."))
    return _ask(RequestKind.SECOND_STEP, person, by=by, reason=reason)


def _ask(
    kind: RequestKind,
    person: User,
    *,
    by: User,
    role: str = "",
    project: Project | None = None,
    reason: str = "",
) -> AccountRequest:
    """Store the request and mail the other administrators; asking again returns the one that waits."""
    now = timezone.now()
    expire_lapsed(now)
    request, is_new = AccountRequest.objects.get_or_create(
        kind=kind,
        person=person,
        role=role,
        project=project,
        outcome=RequestOutcome.OPEN,
        defaults={
            "reason": reason,
            "asked_by": by,
            "expires_at": now + datetime.timedelta(days=settings.JOBFIRST_CONFIRMATION_DAYS),
        },
    )
    if is_new:
        record_security(ASKED[kind], person, detail_of(request))
        confirmation_mails.tell_administrators(request)
    return request


@transaction.atomic
def confirm(public_id: uuid.UUID, *, by: User | None) -> AccountRequest:
    """Carry out what was asked for; `by` None is a command on the server.

    ValidationError for whoever asked, for the person concerned, or when it was decided or ran out meanwhile.
    """
    request = _locked_request(public_id)
    if by is not None:
        _ensure_may_decide(request, by)
    _close(request, RequestOutcome.CONFIRMED, by=by)
    if request.kind == RequestKind.ROLE:
        actions.give_role(request.person, request.role, request.project)
    else:
        _reset_second_step(request.person)
    return request


@transaction.atomic
def refuse(public_id: uuid.UUID, *, by: User) -> AccountRequest:
    """Turn a request down; whoever asked may do so, too."""
    request = _locked_request(public_id)
    _close(request, RequestOutcome.REFUSED, by=by)
    record_security(REFUSED[RequestKind(request.kind)], request.person, detail_of(request))
    return request


def expire_lapsed(now: datetime.datetime) -> int:
    """Close the requests that nobody decided in time; return how many."""
    return AccountRequest.objects.lapsed(now).update(outcome=RequestOutcome.EXPIRED, decided_at=now)


def detail_of(request: AccountRequest) -> str:
    """Return the detail of the security record: of a role "mentor aalborg"."""
    return f"{request.role} {request.project.slug if request.project else ''}".strip()


def _locked_request(public_id: uuid.UUID) -> AccountRequest:
    """Return the request that waits, locked after the rows of the people in it."""
    request = AccountRequest.objects.select_related("project").get(public_id=public_id)
    locked_users({request.person_id, request.asked_by_id})
    waiting = AccountRequest.objects.waiting(timezone.now()).select_related("person", "project")
    locked = waiting.select_for_update(of=["self"]).filter(pk=request.pk).first()
    if locked is None:
        raise ValidationError(_("This was decided meanwhile, or ran out."))
    return locked


def _ensure_may_decide(request: AccountRequest, by: User) -> None:
    """Refuse the one who asked, the one concerned, and whoever is no administrator any more; also what was
    asked for by somebody who is none any more."""
    if by.pk in {request.asked_by_id, request.person_id}:
        raise ValidationError(_("Another administrator must confirm this."))
    administrators = policy.memberships_of_administrators().filter(user__is_active=True)
    present = set(administrators.values_list("user_id", flat=True))
    if by.pk not in present:
        raise ValidationError(_("Another administrator must confirm this."))
    if request.asked_by_id not in present:
        raise ValidationError(_("Who asked is no administrator any more. Turn it down, or ask anew."))
    if not request.person.is_active:
        raise ValidationError(_("The account is closed. Open it first."))


def _close(request: AccountRequest, outcome: RequestOutcome, *, by: User | None) -> None:
    request.outcome, request.decided_by, request.decided_at = outcome, by, timezone.now()
    request.save(update_fields=["outcome", "decided_by", "decided_at"])


def _reset_second_step(person: User) -> None:
    """Remove every second step of the person and the identity, end the sessions, and tell the person."""
    person = locked_user(person)
    identities.forget_identity(person)
    Authenticator.objects.filter(user=person).delete()
    record_security(SecurityKind.SECOND_STEP_REMOVED, person, "reset")
    actions.end_sessions(person)
    confirmation_mails.tell_of_reset(person)


def request_in_words(request: AccountRequest) -> str:
    """Return what was asked for: a role with its project, or the reset."""
    if request.kind == RequestKind.ROLE:
        return role_in_words(request.role, request.project.name if request.project else "")
    return str(RequestKind.SECOND_STEP.label)
