"""Forms of the course: find, functions, goals, end."""

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.forms.handover_note import add_note_fields, note_text
from cases.models import CourseFunction, JobGoal
from jobfirst import mode
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin, form_helper
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import cpr, text_limits


class FindCitizenForm(forms.Form):
    """Find a citizen by CPR number. Sent by POST, which keeps the number out of URLs and logs."""

    error_title = _("The search could not be made")

    cpr = forms.CharField(
        label=_("CPR number"),
        help_text=_("Ten digits, with or without a hyphen."),
        max_length=20,
        widget=DigitsInput,
    )

    @property
    def helper(self) -> FormHelper:
        """How the form is drawn."""
        return form_helper(str(_("Find")))

    def clean_cpr(self) -> str:
        """Return the ten digits."""
        try:
            return cpr.parse(self.cleaned_data["cpr"]).digits
        except cpr.InvalidCpr as error:
            messages = {
                "format": _("Write ten digits: day, month, year and the last four."),
                "birth_date": _("The first six digits are not a date."),
            }
            raise forms.ValidationError(messages[error.code], code=error.code) from None


class OpenCourseForm(forms.Form):
    """State why a colleague's course is opened."""

    reason = FreeTextField(
        label=_("Why do you need to see this course?"),
        help_text=_("The project leader sees who opened the course, when and why."),
        widget=forms.Textarea(attrs={"rows": 3}),
        min_length=5,
        max_length=text_limits.REASON,
    )

    @property
    def helper(self) -> FormHelper:
        """How the form is drawn."""
        return form_helper(str(_("Open the course")))


class AssignFunctionForm(CourseFormMixin, forms.Form):
    """Assign a function of the course to a user from a day on (D8)."""

    success = _("The function is filled.")

    user = forms.ModelChoiceField(
        label=_("Person"), queryset=User.objects.none(), empty_label=_("Choose a person")
    )
    from_on = DayField(
        label=_("From"), widget=DateInput, help_text=_("Whoever holds the function now ends the day before.")
    )

    def __init__(self, *args: Any, function: CourseFunction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.function = function
        self.title = gettext("Fill the function: %(function)s") % {"function": function.label}
        self.changes_hands = self.course.holdings.filter(function=function).exists()
        if self.changes_hands:
            add_note_fields(self)
        people = User.objects.active_with_role(function, self.course.project_id)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]  # a field of a model

    def save(self, *, by: User, today: datetime.date) -> actions.AssignmentResult:
        """Give the function to the person, with the hand-over note."""
        return actions.assign_function(
            self.course,
            function=self.function,
            user=self.cleaned_data["user"],
            from_on=self.cleaned_data["from_on"],
            note=note_text(self) if self.changes_hands else None,
            by=by,
        )

    def success_message(self, saved: actions.AssignmentResult) -> str:
        """Name a missing hand-over note."""
        if self.changes_hands and saved.is_new and note_text(self).is_empty:
            return gettext("The function is filled. The hand-over note is missing: write it while you know.")
        return str(self.success)


class JobGoalForm(OnceMixin, VersionedFormMixin, CourseFormMixin, forms.Form):
    """Save a new version of the job goals (D10)."""

    success = _("The job goals are saved.")
    keeps_draft = True

    functions = FreeTextField(
        label=_("Job functions"),
        help_text=_("Concrete ones, such as “packing goods in a warehouse”."),
        max_length=text_limits.COMMENT,
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )
    workplaces = FreeTextField(
        label=_("Workplaces"),
        max_length=text_limits.COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    reason = FreeTextField(
        label=_("Why is the job goal changed?"),
        max_length=text_limits.REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
    )
    set_on = DayField(label=_("Set on"), widget=DateInput)

    def __init__(self, *args: Any, latest: JobGoal | None, **kwargs: Any) -> None:
        super().__init__(*args, version=latest.number if latest else 0, **kwargs)
        if latest is None:
            self.title = _("Job goals")
            del self.fields["reason"]
        else:
            self.title = _("Change the job goals")
            self.fields["reason"].required = True
            self.initial = {"functions": latest.functions, "workplaces": latest.workplaces, **self.initial}

    def save(self, *, by: User, today: datetime.date) -> JobGoal:
        """Save a new version, unless nothing differs."""
        return actions.add_job_goal_version(
            self.course,
            functions=self.cleaned_data["functions"],
            workplaces=self.cleaned_data["workplaces"],
            reason=self.cleaned_data.get("reason", ""),
            set_on=self.cleaned_data["set_on"],
            by=by,
            version=self.opened_version,
            submission=self.submission,
            not_after=mode.last_day_allowed(today),
        )
