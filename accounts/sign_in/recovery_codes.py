"""Recovery codes are stored as slow hashes once they were shown; until then their seed is stored encrypted.

allauth makes the codes of a seed, and its page shows them once. Then each code that is left becomes a hash
beside the seed, which is exchanged for another one that opens nothing: the forms below ask the hashes alone.
`used_mask` says as ever which are struck off, so that allauth's pages count what is left.
"""

import re
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import encrypt
from django import forms
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import post_save

from accounts.sign_in.forms import MOST_OF_A_CODE, NOT_CONFIRMED, NOT_SIGNED_IN

HASHES = "hashes"
CODE = re.compile(r"\d{8}")


def hash_when_shown(sender: Any, instance: Authenticator, **details: Any) -> None:
    """Replace the seed of codes that were shown by their hashes, in the stored row alone.

    The instance keeps it for the page that shows them in this moment.
    """
    data = instance.data
    if instance.type != Authenticator.Type.RECOVERY_CODES or HASHES in data or not data.get("viewed_at"):
        return
    codes = RecoveryCodes(instance)
    unused = set(codes.get_unused_codes())
    hashes = [make_password(code) if code in unused else "" for code in codes.generate_codes()]
    stored = {**data, "seed": encrypt(RecoveryCodes.generate_seed()), HASHES: hashes}
    Authenticator.objects.filter(pk=instance.pk).update(data=stored)


@transaction.atomic
def strike_off(authenticator: Authenticator, code: str) -> bool:
    """Return whether the code is one of those left, which then is not any more."""
    typed = _digits(code)
    row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
    hashes = row.data[HASHES]
    place = next((place for place, stored in enumerate(hashes) if check_password(typed, stored)), None)
    if place is None:
        return False
    hashes[place] = ""
    row.data["used_mask"] |= 1 << place
    row.save(update_fields=["data"])
    return True


def _digits(code: str) -> str:
    """Return the code without what people put between its digits."""
    return re.sub(r"[\W_]", "", code)


class HashedCodesMixin(BaseAuthenticateForm):
    """Asks the hashes of recovery codes where there are some; everything else is allauth's."""

    code = forms.CharField(
        label=BaseAuthenticateForm.base_fields["code"].label,
        widget=BaseAuthenticateForm.base_fields["code"].widget,
        max_length=MOST_OF_A_CODE,
    )

    def clean_code(self) -> str:
        """Return the code when one of the hashes is of it, or when allauth knows it."""
        code: str = self.cleaned_data["code"]
        rows = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.RECOVERY_CODES)
        hashed = rows.filter(data__has_key=HASHES).first()
        if hashed is None or not CODE.fullmatch(_digits(code)):
            return str(super().clean_code())
        forget_failures = check_rate_limit(self.user)
        if strike_off(hashed, code):
            hashed.user = self.user
            self.authenticator = hashed
            forget_failures()
            return code
        self._emit_authentication_failed(hashed)
        error: ValidationError = get_adapter().validation_error("incorrect_code")
        raise error


class SecondStepForm(HashedCodesMixin, AuthenticateForm):
    """The second step of signing in."""

    error_title = NOT_SIGNED_IN


class CheckAgainForm(HashedCodesMixin, ReauthenticateForm):
    """The second step once more."""

    error_title = NOT_CONFIRMED


def connect() -> None:
    """Listen to what is stored of second steps."""
    post_save.connect(hash_when_shown, sender=Authenticator)
