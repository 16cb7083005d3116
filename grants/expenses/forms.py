"""Forms of the vouchers."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality, Project, User
from cases.free_text import NO_PERSON
from grants.expenses import actions
from grants.expenses import files as voucher_files
from grants.models import CostCategory, Voucher
from jobfirst import mode
from jobfirst.kit.confirmations import ConfirmationsMixin
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.values.money import KronerField, written


class VoucherForm(ConfirmationsMixin, OnceMixin, EditFormMixin, forms.Form):
    """One cost with its file; `checked_file` is the file after its content was checked."""

    title = _("Enter a voucher")
    intro = _("Write no citizen's name and no CPR number, and show none in the file.")
    submit = _("Enter the voucher")

    category = forms.ChoiceField(
        label=_("Category"), choices=[("", _("Choose a category")), *CostCategory.choices]
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Municipality.objects.none(), empty_label=_("Choose a municipality")
    )
    on = DayField(label=_("Date"), widget=DateInput)
    amount = KronerField(label=_("Amount"), min_value=Decimal("0.01"), help_text=_("Kroner"))
    what = FreeTextField(label=_("What it is for"), help_text=NO_PERSON, max_length=200)
    for_fixed_grant = forms.BooleanField(
        label=_("The project leader's salary: documents the fixed grant"), required=False
    )
    statutory = forms.BooleanField(
        label=_("The jobcentre's statutory task"),
        help_text=_("Paid by the municipality itself and listed apart; it is never eligible."),
        required=False,
    )
    file = forms.FileField(
        label=_("Voucher as PDF, PNG or JPEG"),
        help_text=_("At most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.fields["municipality"].queryset = project.municipalities.all()  # type: ignore[attr-defined]  # a ModelChoiceField
        self.add_confirmation("again", _("The same file counts once more"))
        self.add_confirmation("above", _("The voucher is to count although the budget does not reach"))

    def clean_file(self) -> "UploadedFile[bytes]":
        """Check the file's content."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        self.checked_file = voucher_files.check(file)
        return file

    def clean(self) -> dict[str, Any]:
        """Refuse marks that exclude each other."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("for_fixed_grant") and cleaned.get("statutory"):
            self.add_error("statutory", _("A statutory task documents no grant. Choose one of the two."))
        if cleaned.get("for_fixed_grant") and cleaned.get("category") not in {CostCategory.MANAGEMENT, None}:
            self.add_error(
                "for_fixed_grant", _("Only salaries of project management document the fixed grant.")
            )
        return cleaned

    def voucher_fields(self) -> dict[str, Any]:
        """Return the values that are stored beside the file."""
        not_stored = {"file", "again", "above", "submission"}
        return {name: value for name, value in self.cleaned_data.items() if name not in not_stored}

    def save(self, *, by: User, today: datetime.date) -> Voucher:
        """Enter the voucher."""
        return actions.enter(
            self.project,
            by,
            self.voucher_fields(),
            self.checked_file,
            last_day=max(today, self.project.ends_on) if mode.is_rehearsal() else today,
            budget_on=None if self.cleaned_data["above"] else today,
            again=self.cleaned_data["again"],
            submission=self.submission,
        )

    def success_message(self, saved: Voucher) -> str:
        """Return the message with the amount, so that a typing error is noticed."""
        return gettext("The voucher of %(amount)s kroner is entered.") % {"amount": written(saved.amount)}


class WithdrawForm(EditFormMixin, forms.Form):
    """Why a voucher no longer counts."""

    title = _("Withdraw the voucher")
    submit = _("Withdraw the voucher")
    success = _("The voucher is withdrawn.")

    reason = FreeTextField(
        label=_("Why is it withdrawn?"),
        help_text=_("The voucher stays in the list, with the reason. Write no names and no CPR numbers."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=500,
    )

    def __init__(self, *args: Any, voucher: Voucher, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.voucher = voucher

    def save(self, *, by: User, today: datetime.date) -> Voucher:
        """Withdraw the voucher."""
        return actions.withdraw(self.voucher, by, self.cleaned_data["reason"])
