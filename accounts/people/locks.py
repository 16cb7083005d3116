"""Row locks on users, until the transaction ends.

All of them FOR NO KEY UPDATE: rows that refer to a user may be written meanwhile. The morning's round needs
that, because it stores digests while actions hold users and wait for the round (docs/architecture.md, "The
order of locks").
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User


def locked_user(user: User) -> User:
    """Return the user as stored now, locked, so that changes of roles are serialized.

    ValidationError when the rules of retention erased the person: nothing is written to the account any more.
    """
    current = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    ensure_not_erased(current)
    return current


def locked_users(ids: Iterable[int]) -> dict[int, User]:
    """Return the users as stored now, by id, locked in order of their ids.

    Erased ones too: among them may be former administrators, or who once referred a citizen. Whoever is
    written to is passed to `ensure_not_erased`.
    """
    users = User.objects.filter(pk__in=ids).order_by("pk")
    return {user.pk: user for user in users.select_for_update(no_key=True)}


def ensure_not_erased(user: User) -> None:
    """Raise ValidationError when the rules of retention erased the person: nothing is written any more."""
    if user.is_erased:
        raise ValidationError(_("The account was erased. Invite the person anew."))
