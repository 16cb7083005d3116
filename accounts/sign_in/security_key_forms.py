"""allauth's forms of security keys, with Danish labels, limits, and one answer to whatever a key lacks."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.sign_in.forms import NOT_CONFIRMED, NOT_SIGNED_IN
from jobfirst.kit.fields import FreeTextField

NAME = 100
#: What a browser sends of a key, as JSON: some hundred characters, and with certificates some thousand.
MOST_OF_A_CREDENTIAL = 20_000
REFUSED = _("The security key was not accepted. Try again, or use a code.")
NOT_ADDED = _("The security key was not accepted. Try again, or use the authenticator app.")


class CredentialField(forms.JSONField):
    """JSON whose text is at most `max_length` characters long (Django counts the keys of what was read)."""

    def __init__(self) -> None:
        super().__init__(widget=forms.HiddenInput, max_length=MOST_OF_A_CREDENTIAL)

    def to_python(self, value: Any) -> Any:
        """Return what was read; ValidationError for what is too long or no JSON."""
        if isinstance(value, str) and self.max_length is not None and len(value) > self.max_length:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class KeyAnswerMixin(forms.Form):
    """Reports a key's answer that is missing, broken or wrong in one sentence for the whole form.

    The field itself is hidden, so that an error of its own would lead nowhere.
    """

    refused = REFUSED

    def full_clean(self) -> None:
        """Validate, and move what is wrong with the answer to the form."""
        super().full_clean()
        if self.errors.pop("credential", None):
            self.add_error(None, self.refused)


class KeyForm(KeyAnswerMixin, AuthenticateWebAuthnForm):
    """A security key as second step of signing in."""

    error_title = NOT_SIGNED_IN
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        """Return the user's key that has answered."""
        try:
            return super().clean_credential()
        except (TypeError, ValueError, KeyError) as broken:
            raise ValidationError(self.refused) from broken


class KeyAgainForm(KeyForm, ReauthenticateWebAuthnForm):
    """The security key once more."""

    error_title = NOT_CONFIRMED


class AddKeyForm(KeyAnswerMixin, AddWebAuthnForm):
    """Another security key of the user; without a name it gets one."""

    error_title = _("The security key is not added")
    refused = NOT_ADDED
    name = FreeTextField(label=_("Name"), required=False, max_length=NAME)
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        """Return the answer of a new key, made for this very page."""
        try:
            return super().clean() or {}
        except ValidationError as refused:
            raise ValidationError(self.refused) from refused
        except (TypeError, ValueError, KeyError) as broken:
            raise ValidationError(self.refused) from broken


class RenameKeyForm(EditWebAuthnForm):
    """Another name of a security key."""

    error_title = _("The name is not changed")
    name = FreeTextField(label=_("Name"), max_length=NAME)
