"""The e-mail addresses of users: whether mails arrive (D52), and their change."""

import datetime

from allauth.mfa.utils import is_mfa_enabled
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policy
from accounts.extension_points import access_changed
from accounts.models import AccountRequest, User
from accounts.people import confirmation_mails
from accounts.people.actions import invite_after_commit
from accounts.people.locks import locked_user
from audit.models import SecurityKind
from audit.security import record_security

_STATE = ["mail_returned_at", "mail_return_status"]


@transaction.atomic
def note_returned_mail(user: User, *, address: str, status: str, at: datetime.datetime) -> bool:
    """Note that a mail to the address came back for good; False when the user has another address now.

    `status` is that of the report (RFC 3463). The first report since the address was confirmed stays.
    """
    user = locked_user(user)
    if user.email != address.lower():
        return False
    if user.mail_returned_at is None:
        user.mail_returned_at, user.mail_return_status = at, status
        user.save(update_fields=_STATE)
    return True


@transaction.atomic
def confirm_address(user: User) -> None:
    """Note that the address works again: what was not delivered is mailed anew. Idempotent."""
    user = locked_user(user)
    _clear(user)
    user.save(update_fields=_STATE)


@transaction.atomic
def change_address(user: User, email: str, *, by: User | None = None) -> User:
    """Give the user another address, with which they sign in from then on; an open invitation is sent anew.

    Recorded, and told to the former address and to the administrators but `by`. ValidationError when somebody
    has the address, or when it would let one administrator alone make another one.
    """
    user = locked_user(user)
    email = email.strip().lower()
    if email == user.email:
        return user
    if User.objects.filter(email=email).exists():
        raise ValidationError({"email": _("There is a user with this address already.")})
    _refuse_for_administrators_to_be(user)
    confirmation_mails.tell_of_address(user, by=by)
    record_security(SecurityKind.ADDRESS_CHANGED, user)
    user.email = email
    _clear(user)
    if not user.has_usable_password():
        user.invited_at = None
    user.save(update_fields=["email", "invited_at", *_STATE])
    access_changed(user)
    if user.is_active and user.invited_at is None and not user.has_usable_password():
        invite_after_commit(user)
    return user


def _refuse_for_administrators_to_be(user: User) -> None:
    """Refuse for an administrator who has nothing but a mail yet, and for whoever waits for a second
    administrator: that one confirms for the address that is shown."""
    waits = AccountRequest.objects.waiting(timezone.now()).filter(person=user).exists()
    is_bare = not (user.identities.exists() or is_mfa_enabled(user))
    if waits or (is_bare and policy.memberships_of_administrators().filter(user=user).exists()):
        raise ValidationError(
            _("Another administrator has confirmed this person, or is to. Take the role away and ask anew.")
        )


def _clear(user: User) -> None:
    user.mail_returned_at, user.mail_return_status = None, ""
