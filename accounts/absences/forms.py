"""The forms of absences: a new one, and a correction."""

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.absences import actions
from accounts.models import Absence, Project, User
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values.dates import DateSpan

STAND_IN_HELP = gettext_lazy(
    "A colleague with the roles needed in the project. The stand-in sees the courses, acts in them and gets "
    "the reminders."
)


class EnterAbsenceForm(OnceMixin, EditFormMixin, forms.Form):
    """A person's absence from a project, and who stands in."""

    title = gettext_lazy("Enter an absence")
    success = gettext_lazy("The absence is entered.")

    project = forms.ModelChoiceField(
        label=gettext_lazy("Project"), queryset=Project.objects.none(), empty_label=None
    )
    first_on = DayField(label=gettext_lazy("First day"), widget=DateInput)
    last_on = DayField(
        label=gettext_lazy("Last day"),
        widget=DateInput,
        help_text=gettext_lazy("The absence ends by itself after this day."),
    )
    stand_in = forms.ModelChoiceField(
        label=gettext_lazy("Stand-in"),
        queryset=User.objects.none(),
        empty_label=gettext_lazy("Choose a colleague"),
        help_text=STAND_IN_HELP,
    )

    def __init__(
        self, *args: Any, person: User, projects: QuerySet[Project], today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.intro = person.name
        possible = actions.possible_stand_ins(person, projects, today)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]  # a field of a model
        self.fields["stand_in"].queryset = possible  # type: ignore[attr-defined]  # as above
        if len(projects) == 1:
            self.fields["project"].initial = projects[0]
            self.fields["project"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return with_days_in_order(self, cleaned)

    def save(self, *, by: User, today: datetime.date) -> Absence:
        """Enter the absence."""
        data = self.cleaned_data
        span = DateSpan(data["first_on"], data["last_on"])
        facts = actions.AbsenceFacts(self.person, data["project"], data["stand_in"], span)
        return actions.enter_absence(facts, by=by, today=today, submission=self.submission)


class CorrectAbsenceForm(VersionedFormMixin, EditFormMixin, ModelForm[Absence]):
    """Other days of an absence, or another stand-in."""

    title = gettext_lazy("Change the absence")
    success = gettext_lazy("The absence is changed.")

    class Meta:
        model = Absence
        fields = ["first_on", "last_on", "stand_in"]
        widgets = {"first_on": DateInput, "last_on": DateInput}
        help_texts = {"stand_in": STAND_IN_HELP}

    def __init__(self, *args: Any, instance: Absence, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.intro = f"{instance.user}, {instance.project}"
        first_day = max(instance.first_on, today)
        possible = actions.possible_stand_ins(instance.user, [instance.project], first_day)
        self.fields["stand_in"].queryset = possible  # type: ignore[attr-defined]  # a field of a model

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return with_days_in_order(self, cleaned)

    def save(self, *, by: User, today: datetime.date) -> Absence:
        """Change the absence."""
        data = self.cleaned_data
        return actions.correct_absence(
            self.instance,
            stand_in=data["stand_in"],
            span=DateSpan(data["first_on"], data["last_on"]),
            version=self.opened_version,
            today=today,
        )


def with_days_in_order(form: forms.BaseForm, cleaned: dict[str, Any]) -> dict[str, Any]:
    """Add an error when the last day lies before the first one; return the cleaned data."""
    first, last = cleaned.get("first_on"), cleaned.get("last_on")
    if first and last and last < first:
        form.add_error("last_on", _("The last day must not be before the first day."))
    return cleaned
