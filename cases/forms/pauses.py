"""Forms of pauses (D50)."""

import datetime
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.actions.pauses import suspendable_kinds, suspended_by_default
from cases.forms.course_form import CourseFormMixin
from cases.models import CoursePause, PauseKind
from jobfirst.kit.fields import DayField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.layout import Folded
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

SUSPENDED = _("Reminders that stop during the pause")


def suspended_field() -> forms.MultipleChoiceField:
    """Return the field of the kinds of deadlines that a pause suspends."""
    return forms.MultipleChoiceField(
        label=SUSPENDED,
        choices=lambda: [(kind.code, kind.label) for kind in suspendable_kinds()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class PauseFormMixin(CourseFormMixin, ModelForm[CoursePause]):
    """The fields of a pause, and its values for the action."""

    class Meta:
        model = CoursePause
        fields = ["kind", "starts_on", "ends_on", "reason"]
        widgets = {
            "kind": forms.RadioSelect,
            "starts_on": DateInput,
            "ends_on": DateInput,
            "reason": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "kind": _("Why"),
            "starts_on": _("First day"),
            "ends_on": _("Last day"),
            "reason": _("Reason"),
        }
        help_texts = {
            "ends_on": _("Leave it empty when the end is not known."),
            "reason": _("Only what colleagues need to know; no diagnoses. Required for “Other”."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = PauseKind.choices  # type: ignore[attr-defined]  # without an empty one
        self.fields["suspended"] = suspended_field()
        is_new = self.instance.pk is None
        self.fields["suspended"].initial = suspended_by_default() if is_new else self.instance.suspended
        reminders = Folded(SUSPENDED, "suspended", has_usual_values=is_new)
        self.layout = Layout("kind", "starts_on", "ends_on", "reason", reminders)

    @property
    def pause_data(self) -> actions.PauseData:
        """The cleaned values."""
        return actions.PauseData(
            kind=self.cleaned_data["kind"],
            starts_on=self.cleaned_data["starts_on"],
            ends_on=self.cleaned_data["ends_on"],
            reason=self.cleaned_data["reason"],
            suspended=sorted(self.cleaned_data["suspended"]),
        )


class PauseForm(OnceMixin, PauseFormMixin):
    """Record a pause."""

    title = _("Pause the course")
    success = _("The pause is recorded.")

    def save(self, *, by: User, today: datetime.date) -> CoursePause:
        """Record the pause."""
        return actions.record_pause(self.course, self.pause_data, by=by, submission=self.submission)


class CorrectPauseForm(VersionedFormMixin, PauseFormMixin):
    """Correct a pause."""

    title = _("Correct the pause")
    success = _("The pause is corrected.")

    def __init__(self, *args: Any, instance: CoursePause, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)

    def save(self, *, by: User, today: datetime.date) -> CoursePause:
        """Save the corrected pause."""
        return actions.correct_pause(self.instance, self.pause_data, version=self.opened_version)


class EndPauseForm(VersionedFormMixin, CourseFormMixin, forms.Form):
    """The last day of a pause."""

    title = _("The pause ends")
    success = _("The last day is saved.")

    ends_on = DayField(label=_("Last day of the pause"), widget=DateInput)

    def __init__(self, *args: Any, pause: CoursePause, **kwargs: Any) -> None:
        self.instance = pause
        super().__init__(*args, course=pause.course, **kwargs)

    def save(self, *, by: User, today: datetime.date) -> CoursePause:
        """Record the last day."""
        return actions.end_pause(
            self.instance, ends_on=self.cleaned_data["ends_on"], version=self.opened_version
        )
