"""The form that refers a citizen (D1)."""

import datetime
from typing import TYPE_CHECKING, Any

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Municipality
from cases.actions import ReferralData
from cases.exchange import cpr_message
from cases.models.citizen import Benefit, TargetGroup
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin, form_helper
from jobfirst.values import cpr

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

YES_NO = [("true", gettext_lazy("Yes")), ("false", gettext_lazy("No"))]


def yes_no(label: "StrOrPromise", help_text: "StrOrPromise" = "") -> forms.TypedChoiceField:
    """Return a required question with the choices yes and no and no default."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=YES_NO,
        coerce=lambda value: value == "true",
        widget=forms.RadioSelect,
    )


class ReferralForm(OnceMixin, forms.Form):
    """What the caseworker states about a citizen. Does not depend on what the trial has stored."""

    cpr = forms.CharField(
        label=gettext_lazy("CPR number"),
        max_length=20,
        widget=DigitsInput,
        help_text=gettext_lazy("Ten digits, with or without a hyphen."),
    )
    name = FreeTextField(label=gettext_lazy("Name"), max_length=150)
    municipality = forms.ModelChoiceField(
        label=gettext_lazy("Municipality"), queryset=Municipality.objects.none(), empty_label=None
    )
    target_group = forms.ChoiceField(
        label=gettext_lazy("Target group"), choices=TargetGroup.choices, widget=forms.RadioSelect
    )
    benefit = forms.ChoiceField(
        label=gettext_lazy("Benefit"), choices=[("", gettext_lazy("Choose")), *Benefit.choices]
    )
    public_support_since = DayField(
        label=gettext_lazy("On public support since"),
        widget=DateInput,
        help_text=gettext_lazy("The first day of the unbroken period."),
    )
    activity_ready = yes_no(gettext_lazy("Is the citizen activity-ready?"))
    in_integration_programme = yes_no(gettext_lazy("Is the citizen in the integration programme?"))
    referred_on = DayField(label=gettext_lazy("Referred on"), widget=DateInput)

    def __init__(
        self,
        *args: Any,
        municipalities: QuerySet[Municipality],
        not_after: datetime.date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.not_after = not_after
        self.fields["municipality"].queryset = municipalities  # type: ignore[attr-defined]  # a field of a model

    def clean_cpr(self) -> str:
        """Return the ten digits; modulus 11 is not checked."""
        try:
            return cpr.parse(self.cleaned_data["cpr"]).digits
        except cpr.InvalidCpr as error:
            raise ValidationError(cpr_message(error), code=error.code) from None

    def clean_referred_on(self) -> datetime.date:
        """Refuse a day in the future, except in a rehearsal."""
        day: datetime.date = self.cleaned_data["referred_on"]
        if self.not_after is not None and day > self.not_after:
            raise ValidationError(_("The day lies in the future."), code="future")
        return day

    def stated(self) -> ReferralData:
        """The cleaned form as `ReferralData`."""
        facts = self.cleaned_data
        return ReferralData(
            digits=facts["cpr"],
            name=facts["name"],
            municipality_code=facts["municipality"].code,
            target_group=facts["target_group"],
            benefit=facts["benefit"],
            public_support_since=facts["public_support_since"],
            activity_ready=facts["activity_ready"],
            in_integration_programme=facts["in_integration_programme"],
            referred_on=facts["referred_on"],
        )

    @property
    def helper(self) -> FormHelper:
        """The layout: three groups; the page adds the buttons."""
        helper = form_helper(form_tag=False)
        helper.layout = Layout(
            Fieldset(_("The citizen"), "cpr", "name", "municipality"),
            Fieldset(
                _("Target group"),
                "target_group",
                "benefit",
                "public_support_since",
                InlineRadios("activity_ready"),
                InlineRadios("in_integration_programme"),
            ),
            "referred_on",
            "submission",
        )
        return helper
