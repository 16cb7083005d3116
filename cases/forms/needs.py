"""Forms of needs and parallel efforts (D11)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.models import EffortKind, ParallelEffort, UncoveredNeed
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits


class NeedForm(OnceMixin, CourseFormMixin, forms.Form):
    """A need that nobody covers yet."""

    title = _("Uncovered need")
    success = _("The need is noted.")
    keeps_draft = True

    description = FreeTextField(
        label=_("Need"), max_length=text_limits.COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )
    noted_on = DayField(label=_("Noted on"), widget=DateInput)

    def save(self, *, by: User, today: datetime.date) -> UncoveredNeed:
        """Record the need."""
        return actions.record_need(
            self.course,
            description=self.cleaned_data["description"],
            noted_on=self.cleaned_data["noted_on"],
            submission=self.submission,
        )


class CoverNeedForm(CourseFormMixin, forms.Form):
    """When and how a need was covered."""

    title = _("The need is covered")
    success = _("The need is covered.")

    covered_on = DayField(label=_("Covered on"), widget=DateInput)
    covered_how = FreeTextField(
        label=_("How was it covered?"),
        max_length=text_limits.COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, need: UncoveredNeed, **kwargs: Any) -> None:
        super().__init__(*args, course=need.course, **kwargs)
        self.need = need
        self.intro = need.description

    def save(self, *, by: User, today: datetime.date) -> UncoveredNeed:
        """Record the need as covered."""
        return actions.cover_need(
            self.need,
            covered_on=self.cleaned_data["covered_on"],
            covered_how=self.cleaned_data["covered_how"],
        )


class EffortForm(OnceMixin, CourseFormMixin, forms.Form):
    """A health, social or other intervention at the same time."""

    title = _("Parallel effort")
    success = _("The effort is recorded.")
    keeps_draft = True

    kind = forms.ChoiceField(label=_("Kind"), choices=EffortKind.choices, widget=forms.RadioSelect)
    description = FreeTextField(
        label=_("What"), max_length=text_limits.COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )
    coordinator = FreeTextField(label=_("Who coordinates?"), max_length=150)
    starts_on = DayField(label=_("From"), widget=DateInput)
    ends_on = DayField(label=_("To"), widget=DateInput, required=False)

    def save(self, *, by: User, today: datetime.date) -> ParallelEffort:
        """Record the effort."""
        return actions.record_effort(
            self.course,
            kind=self.cleaned_data["kind"],
            description=self.cleaned_data["description"],
            coordinator=self.cleaned_data["coordinator"],
            starts_on=self.cleaned_data["starts_on"],
            ends_on=self.cleaned_data["ends_on"],
            submission=self.submission,
        )


class EndEffortForm(VersionedFormMixin, CourseFormMixin, ModelForm[ParallelEffort]):
    """The last day of a parallel effort."""

    title = _("The effort ends")
    success = _("The last day is saved.")

    ends_on = DayField(label=_("Last day"), widget=DateInput)

    class Meta:
        model = ParallelEffort
        fields = ["ends_on"]

    def __init__(self, *args: Any, effort: ParallelEffort, **kwargs: Any) -> None:
        super().__init__(*args, instance=effort, course=effort.course, **kwargs)
        self.intro = effort.description

    def save(self, *, by: User, today: datetime.date) -> ParallelEffort:
        """Record the last day."""
        return actions.end_effort(
            self.instance, ends_on=self.cleaned_data["ends_on"], version=self.opened_version
        )
