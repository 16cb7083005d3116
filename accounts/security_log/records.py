"""Sign-ins, failures, sign-outs and changed ways of signing in, recorded in the audit log."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpRequest

from accounts.models import User
from audit.models import SecurityKind
from audit.security import record_security


def record_signed_in(sender: Any, request: HttpRequest, user: User, **details: Any) -> None:
    record_security(SecurityKind.SIGNED_IN, user, request=request)


def record_signed_out(sender: Any, request: HttpRequest, user: User | None, **details: Any) -> None:
    if user is not None:
        record_security(SecurityKind.SIGNED_OUT, user, request=request)


def record_wrong_code(sender: Any, request: HttpRequest, user: User, **details: Any) -> None:
    record_security(SecurityKind.SIGN_IN_FAILED, user, "code", request)


def record_failure(request: HttpRequest, address: str, kind: SecurityKind) -> None:
    """Record a failed or refused attempt to sign in with the address, which itself is not stored."""
    user = User.objects.filter(email__iexact=address.strip()).first() if address else None
    record_security(kind, user, "password", request)


def record_password(sender: Any, request: HttpRequest, user: User, **details: Any) -> None:
    record_security(SecurityKind.PASSWORD_CHANGED, user, request=request)


def record_second_step(
    sender: Any, request: HttpRequest, user: User, authenticator: Any, **details: Any
) -> None:
    record_security(SecurityKind.SECOND_STEP_ADDED, user, str(authenticator.type), request)


def record_second_step_removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Any, **details: Any
) -> None:
    record_security(SecurityKind.SECOND_STEP_REMOVED, user, str(authenticator.type), request)


def connect() -> None:
    """Listen to the signals of sign-in."""
    user_logged_in.connect(record_signed_in)
    user_logged_out.connect(record_signed_out)
    authentication_failed.connect(record_wrong_code)
    for signal in (password_changed, password_reset, password_set):
        signal.connect(record_password)
    authenticator_added.connect(record_second_step)
    authenticator_removed.connect(record_second_step_removed)
