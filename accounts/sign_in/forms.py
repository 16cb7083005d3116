"""allauth's forms of signing in and of changing how, each with a heading of its own for what went wrong.

The heading of other forms says that they are not saved yet; these save nothing.
"""

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.totp.forms import ActivateTOTPForm, DeactivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

NOT_SIGNED_IN = _("You are not signed in")
NOT_CONFIRMED = _("It is not confirmed yet that it is you")
PASSWORD_NOT_CHANGED = _("The password is not changed")

#: A code of an app or a recovery code, with spaces in between.
MOST_OF_A_CODE = 20


class SignInForm(LoginForm):
    """E-mail address and password."""

    error_title = NOT_SIGNED_IN


class PasswordAgainForm(ReauthenticateForm):
    """The password once more."""

    error_title = NOT_CONFIRMED


class AskForPasswordForm(ResetPasswordForm):
    """The address to which the link to a new password is sent."""

    error_title = _("The link is not sent")


class NewPasswordForm(ResetPasswordKeyForm):
    """A new password, by the link."""

    error_title = PASSWORD_NOT_CHANGED


class OtherPasswordForm(ChangePasswordForm):
    """Another password, by whoever knows the old one."""

    error_title = PASSWORD_NOT_CHANGED


class TurnOnForm(ActivateTOTPForm):
    """The first code of an authenticator app."""

    error_title = _("Two-step sign-in is not turned on")
    code = forms.CharField(
        label=ActivateTOTPForm.base_fields["code"].label,
        widget=ActivateTOTPForm.base_fields["code"].widget,
        max_length=MOST_OF_A_CODE,
    )


class TurnOffForm(DeactivateTOTPForm):
    """No more codes of the app."""

    error_title = _("Two-step sign-in is not turned off")
