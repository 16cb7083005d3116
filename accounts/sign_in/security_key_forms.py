"""allauth's forms of security keys, with Danish labels and limits."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.fields import FreeTextField

NAME = 100
#: A browser's answer has two or three thousand characters, with a certificate of the key some more.
ANSWER = 50_000


class AddKeyForm(AddWebAuthnForm):
    """Another security key of the user; without a name it gets one."""

    name = FreeTextField(label=_("Name"), required=False, max_length=NAME)
    credential = forms.JSONField(widget=forms.HiddenInput, max_length=ANSWER)


class RenameKeyForm(EditWebAuthnForm):
    """Another name of a security key."""

    name = FreeTextField(label=_("Name"), max_length=NAME)
