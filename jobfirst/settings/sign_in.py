"""Settings of sign-in: passwords, the second step, how often somebody may try (docs/operations.md)."""

import re
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def values(*, is_real: bool) -> dict[str, Any]:
    """Return the settings by name, from the environment.

    ImproperlyConfigured for what a real system refuses.
    """
    return {**ACCOUNTS, **_second_step(is_real=is_real), **_recheck(), **_identity_provider()}


ACCOUNTS: dict[str, Any] = {
    "AUTH_PASSWORD_VALIDATORS": [
        {
            "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
            "OPTIONS": {"user_attributes": ["name", "email"]},
        },
        {
            "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
            "OPTIONS": {"min_length": 12},
        },
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
        {"NAME": "accounts.sign_in.passwords.LongestPasswordValidator"},
        {"NAME": "accounts.sign_in.passwords.GuessablePasswordValidator"},
        {"NAME": "accounts.sign_in.breached_passwords.BreachedPasswordValidator"},
    ],
    "LOGIN_URL": "account_login",
    "LOGIN_REDIRECT_URL": "home",
    "LOGOUT_REDIRECT_URL": "account_login",
    "ACCOUNT_ADAPTER": "accounts.sign_in.adapter.ClosedAccountAdapter",
    "ACCOUNT_LOGIN_METHODS": {"email"},
    "ACCOUNT_SIGNUP_FIELDS": ["email*", "password1*", "password2*"],
    "ACCOUNT_USER_MODEL_USERNAME_FIELD": None,
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_SESSION_REMEMBER": False,
    "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,  # nosec B105 - a switch
    "ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS": False,
    "ACCOUNT_EMAIL_SUBJECT_PREFIX": "JobFirst: ",
    # Five failures from a network, or from a browser of the person's, close an address there for a quarter of
    # an hour (accounts/sign_in/lock_outs.py). A whole jobcentre may share one network address.
    "ACCOUNT_RATE_LIMITS": {"login": "120/m/ip", "login_failed": "5/15m/key,100/15m/ip"},
    "JOBFIRST_INVITATION_DAYS": env.int("JOBFIRST_INVITATION_DAYS", default=14),
    # Pwned Passwords in one file, ordered by SHA-1; empty: no such list
    # (accounts/sign_in/breached_passwords.py).
    "JOBFIRST_BREACHED_PASSWORDS_FILE": env.str("JOBFIRST_BREACHED_PASSWORDS_FILE", default=""),
    # A session that is not used for so long ends; SESSION_COOKIE_AGE is the longest in any case.
    "JOBFIRST_IDLE_MINUTES": env.int("JOBFIRST_IDLE_MINUTES", default=30),
    # How long a change of an account waits for a second administrator.
    "JOBFIRST_CONFIRMATION_DAYS": env.int("JOBFIRST_CONFIRMATION_DAYS", default=7),
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    "ACCOUNT_FORMS": {
        "login": "accounts.sign_in.forms.SignInForm",
        "reauthenticate": "accounts.sign_in.forms.PasswordAgainForm",
        "reset_password": "accounts.sign_in.forms.AskForPasswordForm",  # nosec B105 - a form
        "reset_password_from_key": "accounts.sign_in.forms.NewPasswordForm",  # nosec B105 - a form
        "change_password": "accounts.sign_in.forms.OtherPasswordForm",  # nosec B105 - a form
    },
    "MFA_FORMS": {
        "authenticate": "accounts.sign_in.recovery_codes.SecondStepForm",
        "reauthenticate": "accounts.sign_in.recovery_codes.CheckAgainForm",
        "authenticate_webauthn": "accounts.sign_in.security_key_forms.KeyForm",
        "reauthenticate_webauthn": "accounts.sign_in.security_key_forms.KeyAgainForm",
        "activate_totp": "accounts.sign_in.forms.TurnOnForm",
        "deactivate_totp": "accounts.sign_in.forms.TurnOffForm",
        "add_webauthn": "accounts.sign_in.security_key_forms.AddKeyForm",
        "edit_webauthn": "accounts.sign_in.security_key_forms.RenameKeyForm",
    },
    # A browser offers keys on https and, for a rehearsal, on localhost only.
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": env.bool("JOBFIRST_INSECURE_HTTP", default=False),
    "MFA_TOTP_ISSUER": "JobFirst",
    "MFA_ADAPTER": "accounts.sign_in.adapter.SealedMFAAdapter",
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


def _recheck() -> dict[str, Any]:
    """How long a sign-in counts before whoever changes accounts confirms anew
    (accounts/sign_in/recent_checks.py)."""
    minutes = env.int("JOBFIRST_RECHECK_MINUTES", default=15)
    if not 1 <= minutes <= 60:
        raise ImproperlyConfigured("JOBFIRST_RECHECK_MINUTES must be from 1 to 60")
    return {"JOBFIRST_RECHECK_MINUTES": minutes}


#: An address of the identity provider: https, or this machine (tests).
PROVIDER_URL = re.compile(r"https://[^\s/?#@]+[^\s]*|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s]*)?")
WELL_KNOWN = "/.well-known/openid-configuration"


def _identity_provider() -> dict[str, Any]:
    """The municipality's identity provider (accounts/oidc); off while it has no address."""
    url = env.str("JOBFIRST_OIDC_URL", default="")
    provider = {
        "JOBFIRST_OIDC_URL": url,
        "JOBFIRST_OIDC_CLIENT_ID": env.str("JOBFIRST_OIDC_CLIENT_ID", default=""),
        "JOBFIRST_OIDC_CLIENT_SECRET": env.str("JOBFIRST_OIDC_CLIENT_SECRET", default=""),
        "JOBFIRST_OIDC_NAME": env.str("JOBFIRST_OIDC_NAME", default=""),
        "JOBFIRST_OIDC_ROLES_CLAIM": env.str("JOBFIRST_OIDC_ROLES_CLAIM", default=""),
        "JOBFIRST_OIDC_ROLES_FILE": env.str("JOBFIRST_OIDC_ROLES_FILE", default=""),
        "JOBFIRST_OIDC_SECOND_STEP": env.list("JOBFIRST_OIDC_SECOND_STEP", default=[]),
    }
    if url and not (PROVIDER_URL.fullmatch(url) and url.endswith(WELL_KNOWN)):
        raise ImproperlyConfigured(f"JOBFIRST_OIDC_URL must be an https:// URL that ends with {WELL_KNOWN}")
    for name in ("CLIENT_ID", "CLIENT_SECRET", "NAME"):
        if url and not provider[f"JOBFIRST_OIDC_{name}"]:
            raise ImproperlyConfigured(f"JOBFIRST_OIDC_{name} must be set with JOBFIRST_OIDC_URL")
    if provider["JOBFIRST_OIDC_ROLES_CLAIM"] and not provider["JOBFIRST_OIDC_ROLES_FILE"]:
        raise ImproperlyConfigured("JOBFIRST_OIDC_ROLES_FILE must be set with JOBFIRST_OIDC_ROLES_CLAIM")
    return provider
