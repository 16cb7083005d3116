"""Forms of the rules of retention and of legal holds."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.free_text import NO_PERSON
from cases.models import Referral
from jobfirst.kit import validators
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.values import text_limits
from rights.erasure.holds import lift_hold, place_hold
from rights.models import HoldKind, LegalHold, RetentionRule

#: The longest period: a hundred years.
MOST_MONTHS = 1200


class RetentionRuleForm(EditFormMixin, ModelForm[RetentionRule]):
    """Another period for a kind of data, from a day on. Empty months: it is never erased."""

    title = _("New rule of retention")
    intro = _("It holds from the day you state. Nothing is erased before two persons have approved a list.")
    success = _("The rule is entered.")

    class Meta:
        model = RetentionRule
        fields = ["kind", "valid_from", "months", "is_own_choice", "reason"]
        widgets = {"valid_from": DateInput, "reason": forms.Textarea(attrs={"rows": 3})}
        labels = {"months": _("Kept for so many months"), "is_own_choice": _("No law gives this period")}
        help_texts = {"months": _("Leave it empty when the data is never erased."), "reason": NO_PERSON}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["months"].validators = validators.whole_between(1, MOST_MONTHS)

    def save(self, *, by: User, today: datetime.date) -> RetentionRule:
        """Enter the rule."""
        rule: RetentionRule = self.instance
        rule.entered_by = by
        rule.save()
        return rule


class LegalHoldForm(OnceMixin, EditFormMixin, ModelForm[LegalHold]):
    """Hold a citizen's data back from erasure."""

    title = _("Legal hold")
    intro = _("While it holds, nothing about the citizen is erased. Administrators see it without a name.")
    submit = _("Hold the data back")
    success = _("The data is held back from erasure.")

    class Meta:
        model = LegalHold
        fields = ["kind", "reason", "until_on"]
        widgets = {
            "kind": forms.RadioSelect,
            "until_on": DateInput,
            "reason": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {"kind": _("Because of"), "reason": _("Reason"), "until_on": _("Last day of the hold")}
        help_texts = {"until_on": _("Leave it empty when the end is not known."), "reason": NO_PERSON}

    def __init__(self, *args: Any, referral: Referral, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.referral, self.today = referral, today
        self.fields["kind"].choices = HoldKind.choices  # type: ignore[attr-defined]  # without an empty one

    def clean_until_on(self) -> datetime.date | None:
        """Refuse a day that has passed."""
        until: datetime.date | None = self.cleaned_data["until_on"]
        if until is not None and until < self.today:
            raise ValidationError(gettext("The day has passed already."))
        return until

    def save(self, *, by: User, today: datetime.date) -> LegalHold:
        """Place the hold."""
        return place_hold(self.referral, self.instance, by=by, submission=self.submission)


class LiftHoldForm(EditFormMixin, forms.Form):
    """Lift a hold, with a reason."""

    title = _("Lift the hold")
    intro = _("Afterwards the rules of retention hold again.")
    submit = _("Lift the hold")
    success = _("The hold is lifted.")

    reason = FreeTextField(
        label=_("Reason"),
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=text_limits.REASON,
        min_length=3,
    )

    def __init__(self, *args: Any, hold: LegalHold, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hold = hold

    def save(self, *, by: User, today: datetime.date) -> LegalHold:
        """Lift the hold."""
        return lift_hold(self.hold, self.cleaned_data["reason"], by=by)
