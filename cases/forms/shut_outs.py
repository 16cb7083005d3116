"""The form that shuts a person out from a citizen (D51)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions import shut_outs
from cases.models import Referral, ShutOut
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.values import text_limits


class ShutOutForm(EditFormMixin, forms.Form):
    """One of the project's people, and why the person may not see the citizen."""

    title = _("Who may not see the citizen")
    intro = _(
        "Somebody who is related to the citizen or knows them in private is shut out: the person finds the "
        "citizen nowhere, whatever roles the person has."
    )
    submit = _("Shut the person out")
    success = _("The person is shut out.")

    user = forms.ModelChoiceField(User.objects.none(), label=_("Person"), empty_label=_("Choose"))
    reason = FreeTextField(
        label=_("Reason"),
        help_text=_("Such as “family” or “neighbour”. Only what is needed."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=text_limits.REASON,
        min_length=3,
    )

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referral = referral
        people = User.objects.filter(is_active=True, memberships__project=referral.project_id)
        self.fields["user"].queryset = people.distinct().order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["user"].to_field_name = "public_id"  # type: ignore[attr-defined]

    def save(self, *, by: User, today: datetime.date) -> ShutOut:
        """Shut the person out."""
        data = self.cleaned_data
        return shut_outs.shut_out(self.referral.citizen, data["user"], data["reason"], by=by)
