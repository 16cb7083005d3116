"""Forms of the profile: one for each text (D10)."""

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.models import Course, ProfileSubject, ProfileText
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits

HELP_TEXTS = {
    ProfileSubject.DREAMS: _(
        "What does the citizen dream of, if everything were possible? A dream need not be a job."
    ),
    ProfileSubject.WISHES: _(
        "What should working life be like? Tasks, colleagues, surroundings, hours: what matters most?"
    ),
    ProfileSubject.RESOURCES: _(
        "What is the citizen good at, and what gives energy? Think of jobs, home, family and leisure."
    ),
}


class ProfileTextForm(VersionedFormMixin, CourseFormMixin, forms.Form):
    """One text of the profile."""

    success = _("The profile is saved.")
    keeps_draft = True

    text = FreeTextField(
        widget=forms.Textarea(attrs={"rows": 5}), max_length=text_limits.NOTE, required=False
    )

    def __init__(
        self,
        *args: Any,
        course: Course,
        subject: ProfileSubject,
        latest: ProfileText | None,
        **kwargs: Any,
    ) -> None:
        kwargs.setdefault("initial", {"text": latest.text if latest else ""})
        super().__init__(
            *args,
            course=course,
            version=latest.version if latest else 0,
            auto_id=f"id_{subject.value}_%s",
            **kwargs,
        )
        self.subject = subject
        self.latest = latest
        self.title = subject.label
        self.fields["text"].label = subject.label
        self.fields["text"].help_text = HELP_TEXTS[subject]

    @cached_property
    def helper(self) -> FormHelper:
        """The helper that also saves the text when its box is left, without replacing the page."""
        helper = super().helper
        helper.attrs |= {
            "hx-post": self.action_url,
            "hx-trigger": "submit, change",
            "hx-disabled-elt": "find textarea",
        }
        return helper

    def save(self, *, by: User, today: datetime.date) -> ProfileText | None:
        """Save the text."""
        return actions.write_profile_text(
            self.course,
            self.subject,
            self.cleaned_data["text"],
            by=by,
            today=today,
            version=self.opened_version,
        )
