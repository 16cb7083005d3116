"""Adapters of allauth: no sign-up, a lock-out that says how long it lasts, logs without personal data."""

import base64
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.oidc import identities, signing_out
from accounts.security_log.records import record_failure
from accounts.sign_in import known_devices, lock_outs
from audit.models import SecurityKind
from jobfirst import mode
from jobfirst.encryption import crypto
from jobfirst.messaging.mute import is_muted
from jobfirst.messaging.transports import send_mail

logger = logging.getLogger(__name__)


class ClosedAccountAdapter(DefaultAccountAdapter):
    """No sign-up: users are invited. Failed attempts close sign-in for a while (`lock_outs`).

    The log says that a sign-in failed or was locked, without the e-mail address or the IP address.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Answer the fifth failure with the lock-out page, not only the sixth attempt."""
        logger.warning("sign-in failed")
        record_failure(request, _address(credentials), SecurityKind.SIGN_IN_FAILED)
        lock_outs.refuse_while_locked_out(request, _address(credentials))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while sign-in is closed, whatever the password; otherwise count the attempt."""
        lock_outs.refuse_while_locked_out(request, _address(credentials))
        self._login_failed_rl_usage = lock_outs.count_attempt(request, _address(credentials))

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Open sign-in again for whoever has chosen a new password by the link in a mail."""
        lock_outs.forget_failures(request, _address(credentials))

    def pre_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse | None:
        """Lead whoever has the second factor at the municipality to the way in there."""
        if _came_by_password(request, user) and identities.enters_by_provider_alone(user):
            messages.error(request, _("You sign in by the municipality's sign-in, not with a password."))
            return redirect("account_login")
        answer: HttpResponse | None = super().pre_login(request, user, **details)
        return answer

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and remember the browser as one of the person's."""
        super().login(request, user)
        known_devices.remember_on_answer(request, user)

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """Answer too many wrong codes with the same page as wrong passwords (they are counted separately)."""
        if code == "too_many_login_attempts":
            longest = max(rate.duration for rate in ratelimit.get_rates(**lock_outs.FAILURES))
            raise lock_outs.lock_out_response(self.request, int(longest))
        error: ValidationError = super().validation_error(code, *args)
        return error

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Lead whoever signed in at the identity provider to the page that offers to sign out there, too.

        A redirect to the provider would not do: the pages' policy keeps what a form leads to on this host.
        """
        if signing_out.is_signed_in_there(request):
            return reverse("oidc_signed_out")
        return str(super().get_logout_redirect_url(request))

    def format_email_subject(self, subject: str) -> str:
        """Begin the subject with the word for a rehearsal in a rehearsal."""
        return mode.marked_subject(super().format_email_subject(subject))

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


def _came_by_password(request: HttpRequest, user: User) -> bool:
    """Whether the identity provider has not named the person in this session."""
    return all(record.get("method") != "oidc" for record in get_authentication_records(request, user))


def _address(credentials: dict[str, Any]) -> str:
    """Return the e-mail address that was typed."""
    return str(credentials.get("email") or "")
