"""Forms of the weekly contacts (D17)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.actions.contacts import is_slip_of, needs_reason
from cases.actions.corrections import REASON
from cases.forms.corrections import ReasonFormMixin, RestoreRowForm, WithdrawRowForm
from cases.forms.course_form import CourseFormMixin
from cases.models import AttemptOutcome, Channel, MentorContact
from jobfirst import mode
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits

PRESENT_HELP = _("Without the citizen it is kept as an attempt and does not count as a contact.")
OUTCOME = _("Outcome of the attempt")
OUTCOME_HELP = _("Only when the citizen did not take part.")
OUTCOMES = [("", _("No attempt: the citizen took part")), *AttemptOutcome.choices]


class AttemptFormMixin(forms.BaseForm):
    """For forms of a contact: the outcome is required of an attempt, and refused of a contact (D49)."""

    def clean(self) -> dict[str, Any]:
        """Add an error to the outcome when it does not go with `citizen_present`."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "outcome" in self.errors:
            return cleaned
        if cleaned.get("citizen_present") and cleaned.get("outcome"):
            self.add_error("outcome", gettext("Only an attempt without the citizen has an outcome."))
        elif not cleaned.get("citizen_present") and not cleaned.get("outcome"):
            self.add_error("outcome", gettext("Say what came of the attempt."))
        return cleaned


class MentorContactForm(AttemptFormMixin, OnceMixin, CourseFormMixin, forms.Form):
    """Register a contact on any day."""

    title = _("Register a contact")
    submit = _("Register the contact")
    success = _("The contact is registered.")
    keeps_draft = True

    held_on = DayField(label=_("Date"), widget=DateInput)
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, widget=forms.RadioSelect)
    citizen_present = forms.BooleanField(
        label=_("The citizen took part"), required=False, initial=True, help_text=PRESENT_HELP
    )
    outcome = forms.ChoiceField(label=OUTCOME, choices=OUTCOMES, required=False, help_text=OUTCOME_HELP)
    note = FreeTextField(
        label=_("Note"), max_length=text_limits.NOTE, widget=forms.Textarea(attrs={"rows": 4}), required=False
    )

    def save(self, *, by: User, today: datetime.date) -> MentorContact:
        """Register the contact."""
        return actions.register_contact(
            self.course,
            held_on=self.cleaned_data["held_on"],
            by=by,
            citizen_present=self.cleaned_data["citizen_present"],
            channel=self.cleaned_data["channel"],
            outcome=self.cleaned_data["outcome"],
            note=self.cleaned_data["note"],
            submission=self.submission,
            not_after=mode.last_day_allowed(today),
        )


class CorrectMentorContactForm(
    AttemptFormMixin, VersionedFormMixin, ReasonFormMixin, CourseFormMixin, ModelForm[MentorContact]
):
    """Correct a registered contact, or add a note. What is replaced needs a reason, unless it is a slip."""

    title = _("Correct the contact")
    success = _("The contact is corrected.")

    class Meta:
        model = MentorContact
        fields = ["held_on", "channel", "citizen_present", "outcome", "note"]
        widgets = {
            "held_on": DateInput,
            "channel": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {
            "held_on": _("Date"),
            "channel": _("How"),
            "citizen_present": _("The citizen took part"),
            "outcome": OUTCOME,
            "note": _("Note"),
        }
        help_texts = {"citizen_present": PRESENT_HELP, "outcome": OUTCOME_HELP}

    def __init__(self, *args: Any, instance: MentorContact, user: User, **kwargs: Any) -> None:
        self.stored = {name: getattr(instance, name) for name in self._meta.fields}
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.user = user
        self.fields["outcome"].choices = OUTCOMES  # type: ignore[attr-defined]  # a field of choices
        self.ask_reason(is_needed=not is_slip_of(instance, user), is_required=False)

    def clean(self) -> dict[str, Any]:
        """Require the reason when something is replaced."""
        cleaned = super().clean()
        if REASON in self.fields and not self.errors and not cleaned.get(REASON):
            typed = {name: cleaned[name] for name in self.stored}
            if needs_reason(MentorContact(**self.stored), typed, self.user):
                self.add_error(REASON, gettext("Write why it is corrected."))
        return cleaned

    def save(self, *, by: User, today: datetime.date) -> MentorContact:
        """Save the corrected contact."""
        return actions.correct_contact(
            self.instance,
            held_on=self.cleaned_data["held_on"],
            citizen_present=self.cleaned_data["citizen_present"],
            channel=self.cleaned_data["channel"],
            outcome=self.cleaned_data["outcome"],
            note=self.cleaned_data["note"],
            by=by,
            reason=self.reason,
            version=self.opened_version,
            not_after=mode.last_day_allowed(today),
        )


class WithdrawMentorContactForm(WithdrawRowForm):
    """Withdraw a contact or an attempt that was entered in error."""

    title = _("The contact was entered in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the contact."""
        actions.withdraw_contact(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)


class RestoreMentorContactForm(RestoreRowForm):
    """Let a contact stand again."""

    def act(self, *, by: User, today: datetime.date) -> None:
        """Let it stand again."""
        actions.restore_contact(self.row, by=by, reason=self.reason, version=self.version_seen)
