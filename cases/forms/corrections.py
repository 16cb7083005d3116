"""What the forms of corrections have in common: the reason, and the page that withdraws a row (D41)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.actions.corrections import REASON
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField

#: The most characters of a reason.
LONGEST_REASON = 500


class ReasonFormMixin(forms.BaseForm):
    """For a form that corrects a stored row: asks why, unless it is a slip of the user's own."""

    def ask_reason(self, *, is_needed: bool, is_required: bool = True) -> None:
        """Add the field of the reason at the end when it is needed."""
        if is_needed:
            self.fields[REASON] = FreeTextField(
                label=_("Why it is corrected"),
                help_text=_("The reason is kept with what stood there before."),
                max_length=LONGEST_REASON,
                widget=forms.Textarea(attrs={"rows": 2}),
                required=is_required,
            )

    @property
    def reason(self) -> str:
        """The reason; empty when it was not asked for."""
        return str(self.cleaned_data.get(REASON, ""))


class WithdrawRowForm(EditFormMixin, forms.Form):
    """Base of the pages that withdraw a row as entered in error, with the reason unless it is a slip.

    A form of it has the `save` that calls the action of the row.
    """

    submit = _("Mark as entered in error")
    success = _("It is marked as entered in error, and counts no more.")

    withdrawn_reason = FreeTextField(
        label=_("Why was it entered in error?"),
        help_text=_("For example: the wrong citizen, the wrong day, entered twice. The reason is kept."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, row: Any, is_own_slip: bool, intro: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.intro = intro
        if is_own_slip:
            del self.fields["withdrawn_reason"]

    @property
    def withdrawn_because(self) -> str:
        """The reason; empty for a slip."""
        return str(self.cleaned_data.get("withdrawn_reason", ""))
