"""Forms that correct a referral: the name, the CPR number, the facts, and whether it stands (D39-D41)."""

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions import ReferralData, citizen_numbers, referral_corrections
from cases.forms.course import FindCitizenForm
from cases.forms.referrals import ReferralForm
from cases.models import Referral
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.forms import DigitsInput, OnceMixin, form_helper
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def reason_field(label: "StrOrPromise") -> forms.CharField:
    """Return the required reason of a correction; it stands in the history, so it names no number."""
    return FreeTextField(
        label=label,
        help_text=_("The reason stands in the history. Write no CPR number."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=text_limits.REASON,
    )


class _ReferralCorrectionForm(OnceMixin, VersionedFormMixin, EditFormMixin, forms.Form):
    """A correction of a referral; its page names the citizen."""

    correction_reason = reason_field(_("Why is it corrected?"))

    def __init__(self, *args: Any, referral: Referral, version: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, version=referral.version if version is None else version, **kwargs)
        self.referral = referral
        self.intro = self.intro or referral.name
        self.order_fields(
            [*(name for name in self.fields if name != "correction_reason"), "correction_reason"]
        )

    def correction(self, by: User) -> dict[str, Any]:
        """Return what every action on a referral takes: reason, user, version and submission."""
        return {
            "reason": self.cleaned_data["correction_reason"],
            "by": by,
            "version": self.opened_version,
            "submission": self.submission,
        }


class CorrectNameForm(_ReferralCorrectionForm):
    """Correct the citizen's name, as the project registered it (D39)."""

    title = _("Correct the name")
    success = _("The name is corrected.")

    name = FreeTextField(
        label=_("Name"),
        max_length=150,
        help_text=_("Agreements and plans that are made already keep the name that they were made with."),
    )

    def save(self, *, by: User, today: datetime.date) -> Referral:
        """Correct the name."""
        return referral_corrections.correct_name(
            self.referral, name=self.cleaned_data["name"], **self.correction(by)
        )


class ReplaceNumberForm(_ReferralCorrectionForm):
    """Record another CPR number of the citizen (D40)."""

    title = _("New CPR number")
    success = _("The new CPR number is saved. The earlier one still finds the citizen.")

    cpr = forms.CharField(
        label=_("New CPR number"),
        max_length=20,
        widget=DigitsInput,
        help_text=_("Ten digits, with or without a hyphen. Draw, course and history stay as they are."),
    )
    is_same_person = forms.BooleanField(
        label=_("It is the same person"),
        help_text=_(
            "The two become one citizen, and only one referral stands: the one that is drawn, or the first. "
            "This cannot be undone."
        ),
        required=False,
    )

    clean_cpr = FindCitizenForm.clean_cpr

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        version = citizen_numbers.number_version(referral)
        super().__init__(*args, referral=referral, version=version, **kwargs)
        if not self.data.get("is_same_person"):
            self._question = self.fields.pop("is_same_person")

    def add_error(self, field: str | None, error: Any) -> None:
        """Show the question that is asked only when somebody else has the number."""
        if field is None and getattr(error, "code", "") == "other_citizen":
            self.fields["is_same_person"] = self._question
            field = "is_same_person"
        super().add_error(field, error)

    def save(self, *, by: User, today: datetime.date) -> Referral:
        """Replace the number."""
        return citizen_numbers.replace_number(
            self.referral,
            digits=self.cleaned_data["cpr"],
            is_same_person=bool(self.cleaned_data.get("is_same_person")),
            **self.correction(by),
        )


class CorrectReferralForm(_ReferralCorrectionForm, ReferralForm):
    """Correct what was stated about a citizen, until the draw; the answer follows (D41)."""

    title = _("Correct the referral")
    submit = _("Save and assess anew")
    success = _("The referral is corrected and assessed anew.")

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, referral=referral, **kwargs)
        del self.fields["cpr"], self.fields["name"]

    @property
    def helper(self) -> FormHelper:
        """The crispy helper of an edit form; that of a new referral places fields that are not here."""
        return form_helper(str(self.submit), cancel_url=self.back_url, action=self.action_url)

    def stated(self) -> ReferralData:
        """The cleaned form as `ReferralData`, with the citizen's number and name as they are."""
        facts = self.cleaned_data
        stated = referral_corrections.data_of(self.referral)
        return replace(
            stated,
            municipality_code=facts["municipality"].code,
            **{name: facts[name] for name in stated.facts() if name != "municipality_code"},
        )

    def save(self, *, by: User, today: datetime.date) -> Referral:
        """Correct the facts and assess them anew."""
        return referral_corrections.correct_referral(self.referral, self.stated(), **self.correction(by))


class WithdrawReferralForm(_ReferralCorrectionForm):
    """Take a referral back that should not have been made."""

    title = _("Take the referral back")
    submit = _("Take the referral back")
    success = _("The referral is taken back. The citizen takes no part in the draw.")

    correction_reason = reason_field(_("Why is the referral taken back?"))

    def save(self, *, by: User, today: datetime.date) -> Referral:
        """Take the referral back."""
        return referral_corrections.withdraw_referral(self.referral, **self.correction(by))


class RestoreReferralForm(_ReferralCorrectionForm):
    """Let a referral stand again that was taken back."""

    title = _("Let the referral stand again")
    submit = _("Let it stand again")
    success = _("The referral stands again and is assessed anew.")

    correction_reason = reason_field(_("Why does the referral stand again?"))

    def save(self, *, by: User, today: datetime.date) -> Referral:
        """Let the referral stand again."""
        return referral_corrections.restore_referral(self.referral, **self.correction(by))
