"""Forms of take-overs of companies."""

import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.free_text import NO_PERSON
from companies.actions import companies
from companies.actions import successions as actions
from companies.forms.companies import valid_cvr
from companies.merging.lookup import company_by_cvr
from companies.models import Company, Succession
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


def known_company(cvr: str) -> Company:
    """Return the registered company with the number; ValidationError without one."""
    company = company_by_cvr(cvr)
    if company is None:
        raise forms.ValidationError(_("There is no company with this number."), code="unknown")
    return company


class SuccessionForm(OnceMixin, EditFormMixin, forms.Form):
    """Record that a company was taken over by another."""

    title = _("A company is taken over")
    intro = _(
        "Two companies merged, or the owner changed and with it the CVR number. From that day placements are "
        "at the new company, and days in a row at the same workplace go on. All projects see the take-over; "
        "it may change what they have earned."
    )
    success = _("The take-over is recorded.")

    cvr = forms.CharField(
        label=_("CVR number of the company that was taken over"),
        widget=DigitsInput(attrs={"maxlength": 8}),
        validators=[valid_cvr],
    )
    successor_cvr = forms.CharField(
        label=_("CVR number of the company that took over"),
        widget=DigitsInput(attrs={"maxlength": 8}),
        validators=[valid_cvr],
    )
    successor_name = FreeTextField(
        label=_("Its name"), help_text=_("Only when the company is new here."), max_length=150, required=False
    )
    from_on = DayField(label=_("First day at the new company"), widget=DateInput)
    all_workplaces = forms.BooleanField(
        label=_("All workplaces went over"),
        help_text=_("Decides for placements without a P-number whether their days go on."),
        required=False,
        initial=True,
    )
    reason = FreeTextField(
        label=_("How do you know?"),
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )

    def clean_cvr(self) -> str:
        """Require a registered company."""
        return known_company(self.cleaned_data["cvr"]).cvr

    @cached_property
    def successor(self) -> Company | None:
        """The registered successor, or None."""
        return company_by_cvr(self.cleaned_data["successor_cvr"])

    def clean(self) -> dict[str, Any] | None:
        """Require the name of a successor that is not registered."""
        super().clean()
        number = self.cleaned_data.get("successor_cvr")
        if number and self.successor is None and not self.cleaned_data.get("successor_name", "").strip():
            self.add_error(
                "successor_name", _("There is no company with this number yet: write its name, too.")
            )
        return self.cleaned_data

    @transaction.atomic
    def save(self, *, by: User, today: datetime.date) -> Succession:
        """Record the take-over; register the successor when it is new."""
        successor = self.successor or companies.save_company(
            self.cleaned_data["successor_cvr"], name=self.cleaned_data["successor_name"].strip()
        )
        return actions.record_succession(
            known_company(self.cleaned_data["cvr"]),
            successor,
            from_on=self.cleaned_data["from_on"],
            all_workplaces=self.cleaned_data["all_workplaces"],
            reason=self.cleaned_data["reason"],
            by=by,
            submission=self.submission,
        )


class WithdrawSuccessionForm(VersionedFormMixin, EditFormMixin, ModelForm[Succession]):
    """Withdraw a take-over that was recorded in error."""

    title = _("The take-over was recorded in error")
    submit = _("Withdraw the take-over")
    success = _("The take-over is withdrawn.")

    reason = FreeTextField(
        label=_("Why is it wrong?"),
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=500,
    )

    class Meta:
        model = Succession
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intro = f"{self.instance.predecessor} → {self.instance.successor}"

    def save(self, *, by: User, today: datetime.date) -> Succession:
        """Withdraw the take-over."""
        return actions.withdraw_succession(
            self.instance, reason=self.cleaned_data["reason"], by=by, version=self.opened_version
        )
