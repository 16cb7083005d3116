"""The second step of sign-in: who has done it in this session, and what its change ends.

Everybody needs one (JOBFIRST_REQUIRE_SECOND_STEP). The session says whether it was done, without a query.
"""

from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY, get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db.models import F
from django.http import HttpRequest

from accounts.models import User

#: What somebody without a second step may open: to set it up, to confirm the password for that, to leave.
OPEN_PAGES = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "set_language",
    }
)


def is_missing(request: HttpRequest) -> bool:
    """Whether the signed-in user has yet to do a second step in this session. No query."""
    return bool(
        settings.JOBFIRST_REQUIRE_SECOND_STEP and request.user.is_authenticated and not _is_done(request)
    )


def _is_done(request: HttpRequest) -> bool:
    """Whether a code, a key or the identity provider has confirmed the user in this session."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def proved_user(request: HttpRequest) -> User | None:
    """Return the signed-in user who has done a second step in this session."""
    return request.user if request.user.is_authenticated and _is_done(request) else None


def count_as_done(sender: Any, request: HttpRequest, user: User, authenticator: Any, **details: Any) -> None:
    """Whoever has just set up a second step has proved it with a code or the key."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def forget_removed(sender: Any, request: HttpRequest, user: User, **details: Any) -> None:
    """Whoever has removed the last one must set up another in the same session."""
    if not is_mfa_enabled(user):
        records = get_authentication_records(request, user)
        request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [
            record for record in records if record.get("method") != "mfa"
        ]


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """End the user's sessions but the one of the request."""
    earlier_key = request.session.session_key
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    update_session_auth_hash(request, user)
    UserSession.objects.filter(session_key=earlier_key).update(session_key=request.session.session_key)


def end_sessions_after_change(sender: Any, request: HttpRequest, user: User, **details: Any) -> None:
    """Whoever knew the earlier second step is signed out."""
    end_other_sessions(request, user)


def connect() -> None:
    """Listen to the signals of allauth.mfa."""
    authenticator_added.connect(count_as_done)
    authenticator_removed.connect(forget_removed)
    for signal in (authenticator_added, authenticator_removed, authenticator_reset):
        signal.connect(end_sessions_after_change)
