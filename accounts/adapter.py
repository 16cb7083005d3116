"""How allauth is bent to this house: no sign-up, a lock-out that says how long, logs without persons."""

import base64
import logging
import math
import time
from typing import Any

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
from jobfirst import crypto, mode

logger = logging.getLogger(__name__)

FAILURES = {"app": "allauth.account", "action": "login_failed"}


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody signs up: people come by invitation. Five failures close an address for a while.

    The log says that a sign-in failed or was closed, never whose: neither the address typed nor the one
    called from.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """The fifth failure answers with the pause at once, not only the sixth attempt."""
        logger.warning("sign-in failed")
        key = self._get_login_attempts_cache_key(request, **credentials)
        if seconds := seconds_closed(request, key):
            raise closed_for(request, seconds)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while the address is closed, whatever the password."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        if seconds := seconds_closed(request, key):
            raise closed_for(request, seconds)
        super().pre_authenticate(request, **credentials)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Too many wrong codes (the second step counts by itself) get the same page as wrong passwords."""
        if code == "too_many_login_attempts":
            longest = max(rate.duration for rate in ratelimit.get_rates(**FAILURES))
            raise closed_for(self.request, int(longest))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def format_email_subject(self, subject: str) -> str:
        """A rehearsal says so before anything else."""
        subject = super().format_email_subject(subject)
        return _("Rehearsal: %(subject)s") % {"subject": subject} if mode.is_rehearsal() else subject

    def reauthenticate(self, user: User, password: str) -> bool:
        """Ask for the password again under the address people sign in with (it is the only one)."""
        authenticated = self.authenticate(self.request, email=user.email, password=password)
        return authenticated is not None and authenticated.pk == user.pk


class SealedMFAAdapter(DefaultMFAAdapter):
    """The second step's secrets lie encrypted, under the same keys as the CPR numbers."""

    bound_to = b"accounts.second-step"

    def encrypt(self, text: str) -> str:
        return base64.urlsafe_b64encode(crypto.encrypt(text, self.bound_to)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.decrypt(base64.urlsafe_b64decode(encrypted_text), self.bound_to)

    def is_current(self, encrypted_text: str) -> bool:
        """Whether the newest of the keys was used (see the command rotate_cpr_keys)."""
        return crypto.is_current(base64.urlsafe_b64decode(encrypted_text))


def seconds_closed(request: HttpRequest, key: str) -> int:
    """Seconds until this address (or the caller's network) may try again; 0 when it may now."""
    now, longest = time.time(), 0.0
    for rate in ratelimit.get_rates(**FAILURES):
        failures = cache.get(ratelimit.get_cache_key(request, rate=rate, key=key, **FAILURES), [])
        if len(failures) >= rate.amount:  # newest first: the one that must grow old is the amount-th
            longest = max(longest, failures[rate.amount - 1] + rate.duration - now)
    return math.ceil(longest)


def closed_for(request: HttpRequest, seconds: int) -> ImmediateHttpResponse:
    """The answer to an attempt while closed: a page that says how many minutes are left."""
    logger.warning("sign-in closed for %d s after repeated failures", seconds)
    answer = render(request, "429.html", {"minutes": math.ceil(seconds / 60)}, status=429)
    answer["Retry-After"] = str(seconds)
    return ImmediateHttpResponse(answer)
