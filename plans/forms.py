"""Forms of the activity plan and the plan for job."""

import datetime
from typing import Any

from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms, User
from cases.forms.course_form import CourseFormMixin
from companies.forms.placements import HoursField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from plans import actions
from plans.models import ActivityLine, PlanForJob


class ActivityForm(OnceMixin, VersionedFormMixin, CourseFormMixin, ModelForm[ActivityLine]):
    """A line of the activity plan: what, where, who and when (D13)."""

    ends_on = forms.DateField(
        label=_("To"), widget=DateInput, required=False, help_text=_("Empty when it lasts one day.")
    )

    class Meta:
        model = ActivityLine
        fields = ["kind", "what", "where", "who", "starts_on", "ends_on"]
        widgets = {"starts_on": DateInput}
        help_texts = {"who": _("Who takes part, and who sees to it that it happens.")}

    def __init__(self, *args: Any, instance: ActivityLine, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.is_new = instance.pk is None
        self.title = _("New activity") if self.is_new else _("Change the activity")
        self.success = _("The activity is on the plan.") if self.is_new else _("The activity is changed.")

    def clean(self) -> dict[str, Any]:
        """Use the first day as the last one when that is empty."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("starts_on") and not cleaned.get("ends_on") and "ends_on" not in self.errors:
            cleaned["ends_on"] = cleaned["starts_on"]
        return cleaned

    def save(self, *, by: User, today: datetime.date) -> ActivityLine:
        """Add the line to the plan, or change it."""
        fields = {name: self.cleaned_data[name] for name in self.Meta.fields}
        if self.is_new:
            return actions.add_activity(self.course, fields, submission=self.submission)
        return actions.change_activity(self.instance, fields, version=self.opened_version)


class PlanForm(OnceMixin, VersionedFormMixin, CourseFormMixin, ModelForm[PlanForJob]):
    """The plan for job in its sections A to D (D21)."""

    success = _("The plan for job is saved.")

    flex_job_considered = forms.BooleanField(label=_("Flex job is considered"), required=False)
    ordinary_hours_aim = HoursField(
        label=_("Ordinary hours a week aimed at"), help_text=_("Every plan for job aims at ordinary hours.")
    )
    ordinary_hours = HoursField(label=_("Ordinary hours a week agreed now"), required=False)
    mentor_continues = forms.TypedChoiceField(
        label=_("The mentor support"),
        choices=[("yes", _("continues")), ("no", _("ends"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    mentor_until = forms.DateField(
        label=_("Continues until"),
        widget=DateInput,
        required=False,
        help_text=_("The weekly contacts and monthly meetings go on until then."),
    )

    class Meta:
        model = PlanForJob
        fields = PlanForJob.written_names()
        widgets = {
            "starts_on": DateInput,
            "job_goal": forms.Textarea(attrs={"rows": 3}),
            "flex_job_note": forms.Textarea(attrs={"rows": 2}),
            "tasks_and_times": forms.Textarea(attrs={"rows": 4}),
            "mentor_tasks": forms.Textarea(attrs={"rows": 3}),
            "mentor_end_reason": forms.Textarea(attrs={"rows": 2}),
            "last_meeting": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, instance: PlanForJob, terms: TrialTerms, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.title = _("Change the plan for job") if instance.pk else _("Plan for job")
        self.intro = gettext("%(name)s. The plan covers %(months)d months.") % {
            "name": self.course.citizen_name,
            "months": terms.plan_months,
        }
        self.layout = _plan_sections()
        if instance.pk:
            self.initial["mentor_continues"] = "yes" if instance.mentor_continues else "no"

    def save(self, *, by: User, today: datetime.date) -> PlanForJob:
        """Save the plan's first or next version."""
        return actions.save_plan(
            self.course,
            self.cleaned_data,
            made_on=today,
            by=by,
            version=self.opened_version,
            submission=self.submission,
        )

    def _get_validation_exclusions(self) -> set[str]:
        """Leave the mentor's part to the action, which names the field that is wrong."""
        excluded: set[str] = super()._get_validation_exclusions()
        return excluded | {"mentor_continues", "ordinary_hours_aim"}


def _plan_sections() -> Layout:
    """Return the sections A to D as fieldsets."""
    return Layout(
        Fieldset(str(_("The plan")), "starts_on", "model"),
        Fieldset(str(_("A. Goals")), "job_goal", "flex_job_considered", "flex_job_note", "effort"),
        Fieldset(
            str(_("B. What we have agreed, so that I can reach my goal")),
            "tasks_and_times",
            "ordinary_hours_aim",
            "ordinary_hours",
            "wage",
        ),
        Fieldset(
            str(_("C. Activities: the mentor")),
            "mentor_continues",
            "mentor_until",
            "mentor_tasks",
            "mentor_end_reason",
        ),
        Fieldset(str(_("D. Last meeting")), "last_meeting"),
        "version",
        "submission",
        HTML(
            format_html(
                '<p class="jf-muted">{}</p>',
                _("Made by the course owner, the citizen and the coordinating caseworker together."),
            )
        ),
    )
