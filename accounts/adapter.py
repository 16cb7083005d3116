"""Adapters of allauth: no sign-up, a lock-out that says how long it lasts, logs without personal data."""

import base64
import logging
import math
import time
from typing import Any, NamedTuple

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.security_records import record_failure
from audit.models import SecurityKind
from jobfirst import crypto, mode
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.transports import send_mail

logger = logging.getLogger(__name__)

FAILURES = {"app": "allauth.account", "action": "login_failed"}
SECONDS_BETWEEN_RECORDS = 60


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No sign-up: users are invited. Five failed attempts lock an address for a while.

    The log says that a sign-in failed or was locked, without the e-mail address or the IP address.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Answer the fifth failure with the lock-out page, not only the sixth attempt."""
        logger.warning("sign-in failed")
        record_failure(request, _address(credentials), SecurityKind.SIGN_IN_FAILED)
        key = self._get_login_attempts_cache_key(request, **credentials)
        refuse_while_locked_out(request, key, _address(credentials))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while the address is locked, whatever the password."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        refuse_while_locked_out(request, key, _address(credentials))
        super().pre_authenticate(request, **credentials)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Answer too many wrong codes with the same page as wrong passwords (they are counted separately)."""
        if code == "too_many_login_attempts":
            longest = max(rate.duration for rate in ratelimit.get_rates(**FAILURES))
            raise lock_out_response(self.request, int(longest))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def format_email_subject(self, subject: str) -> str:
        """Begin the subject with the word for a rehearsal in a rehearsal."""
        subject = super().format_email_subject(subject)
        return _("Rehearsal: %(subject)s") % {"subject": subject} if mode.is_rehearsal() else subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail about the account, such as a link to a new password; nothing in a muted system."""
        if not is_muted():
            send_mail(self.render_mail(template_prefix, email, context))

    def reauthenticate(self, user: User, password: str) -> bool:
        """Return whether the password is the user's, by the e-mail address they sign in with."""
        authenticated = self.authenticate(self.request, email=user.email, password=password)
        return authenticated is not None and authenticated.pk == user.pk


class SealedMFAAdapter(DefaultMFAAdapter):
    """Encrypts the secrets of two-step sign-in, with the keys of the CPR numbers."""

    bound_to = b"accounts.second-step"

    def encrypt(self, text: str) -> str:
        return base64.urlsafe_b64encode(crypto.encrypt(text, self.bound_to)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(base64.urlsafe_b64decode(encrypted_text), self.bound_to)

    def is_current(self, encrypted_text: str) -> bool:
        """Whether the newest key was used (see the command rotate_cpr_keys)."""
        return crypto.is_current(base64.urlsafe_b64decode(encrypted_text))


def _address(credentials: dict[str, Any]) -> str:
    """Return the e-mail address that was typed."""
    return str(credentials.get("email") or "")


class LockOut(NamedTuple):
    """The seconds until sign-in opens again, and the name of the counter of failures that closed it."""

    seconds: int
    counter: str


def refuse_while_locked_out(request: HttpRequest, key: str, address: str) -> None:
    """Raise the page of the lock-out while this address, or the caller's network, is locked out.

    A record tells of it when the lock-out begins, and at most once a minute while attempts go on: records are
    kept for good, and anybody can attempt.
    """
    lock_out = _longest_lock_out(request, key)
    if lock_out is None:
        return
    if cache.add(f"{lock_out.counter}:recorded", True, timeout=SECONDS_BETWEEN_RECORDS):
        record_failure(request, address, SecurityKind.LOCKED_OUT)
    raise lock_out_response(request, lock_out.seconds)


def _longest_lock_out(request: HttpRequest, key: str) -> LockOut | None:
    """Return the lock-out of this address or of the caller's network; None when another attempt is free."""
    now, lock_outs = time.time(), []
    for rate in ratelimit.get_rates(**FAILURES):
        counter = ratelimit.get_cache_key(request, rate=rate, key=key, **FAILURES)
        failures = cache.get(counter, [])
        if len(failures) >= rate.amount:  # newest first: the amount-th must expire
            seconds = math.ceil(failures[rate.amount - 1] + rate.duration - now)
            lock_outs.append(LockOut(seconds, counter))
    return max((lock_out for lock_out in lock_outs if lock_out.seconds > 0), default=None)


def lock_out_response(request: HttpRequest, seconds: int) -> ImmediateHttpResponse:
    """Return the answer to an attempt while locked out: a page that says how many minutes are left."""
    logger.warning("sign-in closed for %d s after repeated failures", seconds)
    answer = render(request, "429.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return ImmediateHttpResponse(answer)
