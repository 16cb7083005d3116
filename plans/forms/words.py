"""The form of the citizen's word (D55)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.course_form import CourseFormMixin
from jobfirst import mode
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits
from plans import actions
from plans.models import CitizenWord, WordAnswer


class WordForm(OnceMixin, VersionedFormMixin, CourseFormMixin, forms.Form):
    """What the citizen says of a plan: agrees, disagrees and why, or could not answer."""

    title = _("The citizen's word")
    success = _("The citizen's word is recorded.")

    answer = forms.ChoiceField(
        label=_("What does the citizen say?"), choices=WordAnswer.choices, widget=forms.RadioSelect
    )
    why = FreeTextField(
        label=_("In the citizen's own words"),
        help_text=_("Required when the citizen disagrees."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=text_limits.COMMENT,
    )
    said_on = DayField(label=_("Day"), widget=DateInput)

    def __init__(self, *args: Any, subject: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject = subject

    def save(self, *, by: User, today: datetime.date) -> CitizenWord:
        """Record the word."""
        return actions.record_word(
            self.course,
            subject=self.subject,
            answer=self.cleaned_data["answer"],
            why=self.cleaned_data["why"],
            said_on=self.cleaned_data["said_on"],
            version=self.opened_version,
            by=by,
            submission=self.submission,
            not_after=mode.last_day_allowed(today),
        )
