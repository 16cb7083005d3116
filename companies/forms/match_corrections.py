"""Forms that correct and withdraw a match (D41)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.corrections import ReasonFormMixin, WithdrawRowForm
from cases.forms.course_form import CourseFormMixin
from companies.actions import matches
from companies.models import Match
from jobfirst import mode
from jobfirst.kit.forms import DateInput
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


class CorrectMatchForm(VersionedFormMixin, ReasonFormMixin, CourseFormMixin, ModelForm[Match]):
    """Correct the day, the job function or the words of a match."""

    title = _("Correct the match")
    success = _("The match is corrected.")

    class Meta:
        model = Match
        fields = ["matched_on", "job_function", "why"]
        widgets = {"matched_on": DateInput, "why": forms.Textarea(attrs={"rows": 3})}
        labels = {
            "matched_on": _("Matched on"),
            "job_function": _("Job function"),
            "why": _("Why it is a match"),
        }

    def __init__(self, *args: Any, instance: Match, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.intro = f"{self.course.citizen_name}, {instance.company}"
        self.ask_reason(is_needed=True)

    def save(self, *, by: User, today: datetime.date) -> Match:
        """Correct the match."""
        return matches.correct_match(
            self.instance,
            **{name: self.cleaned_data[name] for name in self._meta.fields},
            by=by,
            reason=self.reason,
            version=self.opened_version,
            not_after=mode.last_day_allowed(today),
        )


class WithdrawMatchForm(WithdrawRowForm):
    """Withdraw a match that was recorded in error."""

    title = _("The match was recorded in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the match."""
        matches.withdraw_match(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)
