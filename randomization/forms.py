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
from jobfirst.kit.fields import DayField
from jobfirst.kit.forms import DateInput, OnceMixin, form_helper
from jobfirst.kit.model_forms import ModelForm
from randomization.ledger.actions import record_event
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
    """A correction to a drawn citizen. It never changes the draw, and cannot be undone."""

    title = gettext_lazy("Record a correction")
    intro = gettext_lazy(
        "A draw is never changed: the citizen is still analysed in the arm that was drawn, and the place "
        "is not used again. What is recorded here cannot be taken back."
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
