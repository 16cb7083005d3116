"""The form by which an administrator asks another one to reset a second step."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.models import AccountRequest, User
from accounts.people import confirmations
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField


class ResetForm(EditFormMixin, forms.Form):
    """Why the second step of a person's sign-in is to be reset."""

    title = gettext_lazy("Reset two-step sign-in")
    intro = gettext_lazy(
        "For somebody who has lost both the phone and the recovery codes. Make sure that it is the person "
        "who asks. Another administrator confirms it; the person then sets up two-step sign-in anew."
    )
    submit = gettext_lazy("Ask another administrator")
    success = gettext_lazy("Another administrator is asked to confirm it.")

    reason = FreeTextField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def save(self, *, by: User, today: datetime.date) -> AccountRequest:
        """Ask for the reset."""
        return confirmations.ask_for_reset(self.person, self.cleaned_data["reason"], by=by)
