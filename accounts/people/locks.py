"""Row locks on users, until the transaction ends.

All of them FOR NO KEY UPDATE: rows that refer to a user may be written meanwhile. The morning's round needs
that, because it stores digests while actions hold users and wait for the round (docs/architecture.md, "The
order of locks").
"""

from collections.abc import Iterable

from accounts.models import User


def locked_user(user: User) -> User:
    """Return the user as stored now, locked, so that changes of roles are serialized."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def locked_users(ids: Iterable[int]) -> dict[int, User]:
    """Return the users as stored now, by id, locked in order of their ids."""
    users = User.objects.filter(pk__in=ids).order_by("pk")
    return {user.pk: user for user in users.select_for_update(no_key=True)}
