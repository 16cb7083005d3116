"""allauth's forms of security keys, with Danish labels and names as the house takes them."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.fields import FreeTextField

LONGEST_NAME = 60


class AddKeyForm(AddWebAuthnForm):
    """Another security key of the user; without a name it gets one."""

    name = FreeTextField(label=_("Name"), required=False, max_length=LONGEST_NAME)


class RenameKeyForm(EditWebAuthnForm):
    """Another name of a security key."""

    name = FreeTextField(label=_("Name"), max_length=LONGEST_NAME)
