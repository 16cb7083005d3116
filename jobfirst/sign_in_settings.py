"""Settings of sign-in: passwords, the second step, how often somebody may try (docs/operations.md)."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def values(*, is_real: bool) -> dict[str, Any]:
    """Return the settings by name, from the environment.

    ImproperlyConfigured for what a real system refuses.
    """
    return {**ACCOUNTS, **_second_step(is_real=is_real)}


ACCOUNTS: dict[str, Any] = {
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        {
            "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
            "OPTIONS": {"min_length": 12},
        },
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    ],
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "home",
    "LOGOUT_REDIRECT_URL": "account_login",
    "ACCOUNT_ADAPTER": "accounts.adapter.ClosedAccountAdapter",
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*", "password2*"],
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_EMAIL_SUBJECT_PREFIX": "JobFirst: ",
    # Five failures lock an account for a quarter of an hour. A whole jobcentre may share one network address.
    "ACCOUNT_RATE_LIMITS": {"login": "120/m/ip", "login_failed": "5/15m/key,100/15m/ip"},
    "JOBFIRST_INVITATION_DAYS": env.int("JOBFIRST_INVITATION_DAYS", default=14),
    "MFA_SUPPORTED_TYPES": ["totp", "recovery_codes"],
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    "MFA_TOTP_ISSUER": "JobFirst",
    "MFA_ADAPTER": "accounts.adapter.SealedMFAAdapter",
    # The invitation has verified the address; allauth's own table is not used.
    "MFA_ALLOW_UNVERIFIED_EMAIL": True,
}


def _second_step(*, is_real: bool) -> dict[str, Any]:
    """Everybody signs in with a second step. A rehearsal may switch that off; every page then says so."""
    is_required = env.bool("JOBFIRST_REQUIRE_SECOND_STEP", default=True)
    if is_real and not is_required:
        raise ImproperlyConfigured(
            "JOBFIRST_REQUIRE_SECOND_STEP must not be off when JOBFIRST_MODE is 'real'"
        )
    return {"JOBFIRST_REQUIRE_SECOND_STEP": is_required}
