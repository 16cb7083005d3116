"""The forms of the draw: which project (and in a rehearsal which day), and corrections afterwards."""

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project, User
from jobfirst import mode
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin, form_helper
from jobfirst.kit.model_forms import ModelForm
from jobfirst.values import text_limits
from randomization.ledger.actions import record_event, take_event_back
from randomization.models import Allocation, AllocationEvent, EventKind


class DrawForm(forms.Form):
    """Confirmation of a draw, which cannot be undone (D5)."""

    project = forms.ModelChoiceField(
        queryset=Project.objects.none(), to_field_name="slug", widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, projects: QuerySet[Project], today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        project: Any = self.fields["project"]  # the ModelChoiceField above
        project.queryset = projects
        if mode.is_rehearsal():
            self.fields["on"] = DayField(
                label=_("Day of the draw"),
                widget=DateInput,
                initial=today,
                help_text=_("Only in a rehearsal. A real trial draws on the day itself."),
            )
        self.helper = form_helper(_("Draw now"))

    @property
    def on(self) -> datetime.date:
        """The day of allocation: the one given in a rehearsal, otherwise today."""
        return self.cleaned_data.get("on") or self._today


class CorrectionForm(OnceMixin, EditFormMixin, ModelForm[AllocationEvent]):
    """A correction to a drawn citizen. It never changes the draw."""

    title = gettext_lazy("Record a correction")
    intro = gettext_lazy(
        "A draw is never changed: the citizen is still analysed in the arm that was drawn, and the place "
        "is not used again. What is recorded here stays; a mistake is taken back by another entry."
    )
    submit = gettext_lazy("Record")
    success = gettext_lazy("The correction is recorded. The draw stands as it is.")

    class Meta:
        model = AllocationEvent
        fields = ("kind", "happened_on", "reason")
        labels = {"happened_on": gettext_lazy("Day it happened")}
        widgets = {"happened_on": DateInput, "reason": forms.Textarea(attrs={"rows": 4})}

    def __init__(
        self, *args: Any, allocation: Allocation, not_after: datetime.date | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._allocation, self._not_after = allocation, not_after
        kinds = [choice for choice in EventKind.choices if choice[0] != EventKind.TAKEN_BACK]
        self.fields["kind"].choices = [("", _("Choose")), *kinds]  # type: ignore[attr-defined]  # a choice field
        self.fields["reason"].help_text = _("Write why, without CPR numbers. The agency does not see it.")

    def clean_happened_on(self) -> datetime.date:
        """A day from the draw on, and not in the future."""
        day: datetime.date = self.cleaned_data["happened_on"]
        is_error = self.cleaned_data.get("kind") == EventKind.REFERRED_IN_ERROR
        if day < self._allocation.allocated_on and not is_error:
            raise forms.ValidationError(_("The day must not be before the draw."))
        if self._not_after and day > self._not_after:
            raise forms.ValidationError(_("The day must not be in the future."))
        return day

    def save(self, *, by: User, today: datetime.date) -> AllocationEvent:
        """Record the correction in the ledger."""
        return record_event(
            self._allocation,
            self.cleaned_data["kind"],
            self.cleaned_data["happened_on"],
            self.cleaned_data["reason"],
            by,
            submission=self.submission,
        )


class TakeBackForm(OnceMixin, EditFormMixin, forms.Form):
    """Take back the latest correction, recorded by mistake (D41)."""

    title = gettext_lazy("Take a correction back")
    intro = gettext_lazy(
        "Both stay in the ledger. The citizen counts as if the correction had not been made."
    )
    submit = gettext_lazy("Take the correction back")
    success = gettext_lazy("The correction is taken back.")

    number = forms.IntegerField(widget=forms.HiddenInput)  # of the correction that the page shows
    reason = FreeTextField(
        label=gettext_lazy("Why was it a mistake?"),
        help_text=gettext_lazy("Write why, without CPR numbers. The agency does not see it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=text_limits.REASON,
    )

    def __init__(self, *args: Any, event: AllocationEvent, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._allocation = event.allocation
        self.fields["number"].initial = event.number

    def clean_number(self) -> AllocationEvent:
        """Find the correction that was shown; the action refuses one that is no longer the latest."""
        event = self._allocation.events.filter(number=self.cleaned_data["number"]).first()
        if event is None:
            raise forms.ValidationError(_("There is no correction to take back."))
        return event

    def save(self, *, by: User, today: datetime.date) -> AllocationEvent:
        """Record in the ledger that it is taken back."""
        return take_event_back(
            self.cleaned_data["number"], self.cleaned_data["reason"], by, submission=self.submission
        )
