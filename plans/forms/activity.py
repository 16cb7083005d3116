"""Forms of the activity plan's lines (D13)."""

import datetime
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout, Row
from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.course_form import CourseFormMixin
from cases.models import Course
from companies.models import Company, Placement
from jobfirst.kit.days import written_weekday
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin, TimeInput, form_helper
from jobfirst.kit.layout import Folded
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values.dates import DateSpan
from plans import actions
from plans.actions.activity import STATES
from plans.models import ActivityLine, Companion
from plans.rules.repetition import moved_to


class PlacementChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A placement of the course, by kind, company and first day."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the placement in words."""
        day = date_format(obj.starts_on, "SHORT_DATE_FORMAT")
        return f"{obj.get_kind_display()}, {obj.company} ({day})"


def companies_known_to(course: Course) -> Q:
    """Return the condition of the companies that a line can name: those of the project's placements and
    matches."""
    placed = Placement.objects.filter(course__project=course.project_id).values("company")
    return Q(pk__in=placed) | Q(matches__course__project=course.project_id)


class ActivityForm(OnceMixin, VersionedFormMixin, CourseFormMixin, ModelForm[ActivityLine]):
    """A line of the activity plan: what, where, who and when (D13)."""

    in_place_url = ""

    ends_on = DayField(
        label=_("To"), widget=DateInput, required=False, help_text=_("Empty when it lasts one day.")
    )
    companion = forms.ChoiceField(
        label=_("Who takes part"), choices=[("", "–"), *Companion.choices], required=False
    )
    company = forms.ModelChoiceField(label=_("Company"), queryset=Company.objects.none(), required=False)
    placement = PlacementChoice(label=_("Placement"), queryset=Placement.objects.none(), required=False)
    repeat_until = DayField(
        label=_("Repeat every week until"),
        widget=DateInput,
        required=False,
        help_text=_("Empty when it is planned once."),
    )

    class Meta:
        model = ActivityLine
        fields = [
            "kind",
            "what",
            "where",
            "company",
            "placement",
            "companion",
            "who",
            "starts_on",
            "ends_on",
            "starts_at",
            "day_is_open",
        ]
        widgets = {"starts_on": DateInput, "starts_at": TimeInput(attrs={"class": "jf-short"})}
        labels = {"starts_on": _("Day"), "starts_at": _("Time"), "who": _("Others who take part")}
        help_texts = {
            "who": _("For example the contact person at the company."),
            "starts_at": _("May be left empty."),
            "day_is_open": _("The activity stands in the week of the day until then."),
        }

    def __init__(self, *args: Any, instance: ActivityLine, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.is_new = instance.pk is None
        self.title = _("New activity") if self.is_new else _("Change the activity")
        self.success = _("The activity is on the plan.") if self.is_new else _("The activity is changed.")
        selectable = companies_known_to(self.course) | Q(pk=instance.company_id)
        _field(self, "company").queryset = Company.objects.filter(selectable).distinct()
        _field(self, "placement").queryset = self.course.placements.select_related("company")
        if not self.is_new:
            del self.fields["repeat_until"]
            if instance.ends_on == instance.starts_on:
                self.initial["ends_on"] = None
        repeat = ["repeat_until"] if self.is_new else []
        self.layout = Layout(
            "kind",
            "what",
            Row("starts_on", "starts_at"),
            "companion",
            "where",
            Folded(
                _("Company, several days, repetition"),
                Row("company", "placement"),
                "who",
                "day_is_open",
                Row("ends_on", *repeat),
            ),
            "version",
            "submission",
        )

    def show_in_place(self, url: str) -> None:
        """Let htmx send the form to the address and put the answer in its place, within another page."""
        self.auto_id = f"id_{self.instance.pk or 'new'}_%s"
        self.fields["what"].widget.attrs["autofocus"] = True
        self.in_place_url = url

    @cached_property
    def helper(self) -> FormHelper:
        """The crispy helper; in place with what htmx needs."""
        url = self.in_place_url
        helper = form_helper(str(self.submit), cancel_url=self.back_url, layout=self.layout, action=url)
        if url:
            in_place = {"hx-post": url, "hx-target": "this", "hx-swap": "outerHTML"}
            helper.attrs |= {**in_place, "aria-label": str(self.title)}
        return helper

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
            repeat_until = self.cleaned_data["repeat_until"]
            return actions.add_activity(
                self.course, fields, repeat_until=repeat_until, submission=self.submission
            )
        return actions.change_activity(self.instance, fields, version=self.opened_version)

    def _get_validation_exclusions(self) -> set[str]:
        """Leave who takes part and the days to the action, which names the field that is wrong."""
        excluded: set[str] = super()._get_validation_exclusions()
        return excluded | {"companion", "who", "day_is_open"}


def _field(form: forms.BaseForm, name: str) -> Any:
    """Return a field of the form; the stubs know no more than `Field`."""
    return form.fields[name]


class TickForm(forms.Form):
    """How an activity went: its state, and a sentence."""

    state = forms.ChoiceField(choices=[(state, state) for state in STATES])
    outcome = FreeTextField(max_length=300, required=False)


class MoveForm(forms.Form):
    """Another day for a line."""

    starts_on = DayField(label=_("Another day"), widget=DateInput)


class RepeatForm(forms.Form):
    """Until when a line is repeated every week."""

    repeat_until = DayField(label=_("Repeat every week until"), widget=DateInput)


class CopyForm(CourseFormMixin, forms.Form):
    """The lines of the last period that are to stand in this one, each on the same weekday."""

    title = _("Copy from last month")
    submit = _("Copy the chosen ones")

    lines = forms.ModelMultipleChoiceField(
        label=_("Activities of the last period"),
        queryset=ActivityLine.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one activity.")},
    )

    def __init__(
        self, *args: Any, course: Course, source: DateSpan, first: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, course=course, **kwargs)
        self.by_days = datetime.timedelta(days=source.days)
        candidates = course.activities.filter(
            cancelled=False,
            starts_on__gte=max(source.first, first - self.by_days),
            starts_on__lte=source.last_day,
        )
        field = _field(self, "lines")
        field.queryset = candidates
        field.label_from_instance = self._in_words
        self.fields["lines"].initial = candidates
        self.has_lines = candidates.exists()

    def _in_words(self, line: ActivityLine) -> str:
        """Return the line with the day that its copy gets."""
        day = moved_to(line.span, line.starts_on + self.by_days).first
        return gettext("%(what)s, to %(day)s") % {"what": line.what, "day": written_weekday(day, "j. F")}

    def save(self, *, by: User, today: datetime.date) -> int:
        """Copy the chosen lines; return how many were added."""
        chosen = self.cleaned_data["lines"]
        return len(actions.copy_activities(self.course, chosen, by_days=self.by_days))

    def success_message(self, saved: int) -> str:
        """Return how many activities were copied; those that stood there already were not."""
        if not saved:
            return gettext("The activities are on the plan already.")
        return gettext("%(number)d activities are copied.") % {"number": saved}
