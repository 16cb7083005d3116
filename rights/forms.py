"""Form of the rules of retention."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.free_text import NO_PERSON
from jobfirst.kit import validators
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.forms import DateInput
from jobfirst.kit.model_forms import ModelForm
from rights.models import RetentionRule

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

    def save(self, *, by: User, today: datetime.date) -> RetentionRule:  # type: ignore[override]
        """Enter the rule."""
        rule: RetentionRule = self.instance
        rule.entered_by = by
        rule.save()
        return rule
