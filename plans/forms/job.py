"""The form of the plan for job (D21)."""

import datetime
from collections.abc import Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Div, Fieldset, Layout, Row, Submit
from django import forms
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms, User
from cases.forms.course_form import CourseFormMixin
from jobfirst.kit.fields import DayField, HoursField
from jobfirst.kit.forms import DateInput, OnceMixin, form_helper
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from plans import actions
from plans.models import PlanForJob

#: So many letters of a field are kept in a draft.
MOST_DRAFTED = 10_000


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
    mentor_until = DayField(
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
            "extended_until": DateInput,
            "new_workplace_how": forms.Textarea(attrs={"rows": 3}),
            "subsidy_from": DateInput,
            "subsidy_until": DateInput,
            "employment_from": DateInput,
            "job_goal": forms.Textarea(attrs={"rows": 3}),
            "flex_job_note": forms.Textarea(attrs={"rows": 2}),
            "tasks_and_times": forms.Textarea(attrs={"rows": 4}),
            "mentor_tasks": forms.Textarea(attrs={"rows": 3}),
            "mentor_end_reason": forms.Textarea(attrs={"rows": 2}),
            "last_meeting": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "extended_until": _("The last day of the extended internship, when it is known."),
            "new_workplace_how": _("What kind of workplace it is, and who looks for it."),
        }

    def __init__(
        self,
        *args: Any,
        instance: PlanForJob,
        terms: TrialTerms,
        draft: Mapping[str, str] | None = None,
        draft_url: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.title = _("Change the plan for job") if instance.pk else _("Plan for job")
        self.intro = gettext("%(name)s. The plan covers %(months)d months.") % {
            "name": self.course.citizen_name,
            "months": terms.plan_months,
        }
        self.layout = _plan_sections()
        if instance.pk:
            self.initial["mentor_continues"] = "yes" if instance.mentor_continues else "no"
        self.draft_url = draft_url
        if draft:
            self.initial.update(self._drafted(draft))

    def _drafted(self, draft: Mapping[str, str]) -> dict[str, Any]:
        """Return the draft's texts as initial values; a box that it does not name was not ticked."""
        boxes = [name for name, field in self.fields.items() if isinstance(field, forms.BooleanField)]
        texts = {name: text for name, text in draft.items() if name in self.fields and name not in boxes}
        return {**texts, **{name: name in draft for name in boxes}}

    def draft_values(self) -> dict[str, str]:
        """Return what was typed, by field, to be kept as a draft: unchecked, but for the token."""
        names = [name for name in self.fields if name != "submission" and name in self.data]
        # The database stores no NUL, which the form itself would refuse.
        return {name: str(self.data[name])[:MOST_DRAFTED].replace("\0", "") for name in names}

    @cached_property
    def helper(self) -> FormHelper:
        """The crispy helper; the form is kept as a draft while one types."""
        helper = form_helper(
            str(self.submit), cancel_url=self.back_url, layout=self.layout, css_class="jf-plan-form"
        )
        if self.draft_url:
            draft = render_to_string("plans/_draft_keeper.html", {"draft_url": self.draft_url})
            helper.layout = Layout(*(self.layout or ()), HTML(draft))
            helper.add_input(
                Submit("draft", _("Save the draft"), css_class="button-tertiary", formaction=self.draft_url)
            )
        return helper

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
        """Leave the mentor's part and the days of the subsidy to the action, which names the wrong field."""
        excluded: set[str] = super()._get_validation_exclusions()
        return excluded | {"mentor_continues", "ordinary_hours_aim", "subsidy_from", "subsidy_until"}


def _plan_sections() -> Layout:
    """Return the sections A to D as fieldsets."""
    return Layout(
        Fieldset(str(_("The plan")), "starts_on", "model"),
        Fieldset(
            str(_("A. Goals")),
            "job_goal",
            "flex_job_considered",
            "flex_job_note",
            "effort",
            "workplace",
            *(_branch(effort, *names) for effort, names in PlanForJob.OF_EFFORT.items()),
        ),
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
            Div("mentor_until", "mentor_tasks", css_class="jf-if-mentor-continues"),
            Div("mentor_end_reason", css_class="jf-if-mentor-ends"),
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


def _branch(effort: str, *names: str) -> Div:
    """Return the fields that only one effort asks; the style sheet shows those of the chosen one."""
    fields = [Row(*names)] if len(names) > 1 else names
    return Div(*fields, css_class=f"jf-branch of-{effort}")
