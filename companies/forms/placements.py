"""Forms of matches and placements."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.free_text import without_cpr
from companies.forms.companies import CompanyFieldsMixin
from companies.models import Placement, PlacementKind
from jobfirst.kit.forms import DateInput, DecimalInput, DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

MOST_HOURS = 60


class HoursField(forms.DecimalField):
    """Hours a week, with a comma or a point; empty is none."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "min_value": 0,
            "max_value": MOST_HOURS,
            "max_digits": 4,
            "decimal_places": 2,
            "widget": DecimalInput,
            "localize": True,
        }
        super().__init__(**{**defaults, **kwargs})

    def to_python(self, value: Any) -> Any:  # the stubs take a DecimalField for whole numbers
        """A point is read as a decimal mark, too."""
        if isinstance(value, str):
            value = value.strip().replace(".", ",") or "0"
        return super().to_python(value)


class MatchForm(OnceMixin, CompanyFieldsMixin):
    """The match between citizen and company (D14)."""

    matched_on = forms.DateField(label=_("Matched on"), widget=DateInput)
    job_function = forms.CharField(label=_("Job function"), max_length=150, required=False)
    why = forms.CharField(
        label=_("Why it is a match"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    field_order = ("cvr", "company_name", "matched_on", "job_function", "why")


class PlacementForm(OnceMixin, CompanyFieldsMixin):
    """A placement to be agreed (D13, D14, D20). `warned` is set once the warnings have been shown (D24)."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PlacementKind.choices)
    p_number = forms.RegexField(
        r"^[0-9]{10}$",
        label=_("P-number"),
        help_text=_("Ten digits; may be left empty."),
        widget=DigitsInput(attrs={"maxlength": 10}),
        required=False,
        error_messages={"invalid": _("A P-number has ten digits.")},
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    planned_end_on = forms.DateField(
        label=_("Planned last day"),
        help_text=_("May be left empty for an employment."),
        widget=DateInput,
        required=False,
    )
    internship_hours = HoursField(label=_("Internship hours a week"), required=False)
    ordinary_hours = HoursField(label=_("Ordinary hours a week"), required=False)
    waived_few_hours = forms.BooleanField(
        label=_("The trial's waiver is used: few weekly hours, so the citizen is not counted"),
        required=False,
    )
    waived_employment = forms.BooleanField(
        label=_("The trial's waiver is used: the citizen is or was employed at the company"), required=False
    )
    warned = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ("kind", "cvr", "company_name", "p_number", "starts_on", "planned_end_on")


class RenewForm(OnceMixin, forms.Form):
    """The renewal of an internship (D14)."""

    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    planned_end_on = forms.DateField(label=_("Planned last day"), widget=DateInput)
    internship_hours = HoursField(label=_("Internship hours a week"))
    ordinary_hours = HoursField(
        label=_("Ordinary hours a week"),
        help_text=_("The aim is that they grow from one agreement to the next."),
    )


class HoursForm(VersionedFormMixin, ModelForm[Placement]):
    """The weekly hours of a placement (D20)."""

    internship_hours = HoursField(label=_("Internship hours a week"))
    ordinary_hours = HoursField(label=_("Ordinary hours a week"))

    class Meta:
        model = Placement
        fields = ["internship_hours", "ordinary_hours"]


class EndPlacementForm(VersionedFormMixin, ModelForm[Placement]):
    """The last day of a placement; one that lies ahead is a plan."""

    ended_on = forms.DateField(
        label=_("Last day"),
        widget=DateInput,
        help_text=_("The last day that the citizen is at work. A day ahead becomes the planned last day."),
    )

    class Meta:
        model = Placement
        fields = ["ended_on"]


class WithdrawPlacementForm(VersionedFormMixin, ModelForm[Placement]):
    """Why a placement is withdrawn as entered in error."""

    withdrawn_reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_(
            "For example: the wrong citizen or first day, or the citizen never came. The reason is kept and "
            "shown on the course's page. If the citizen has been there, record the last day instead."
        ),
        max_length=500,
        validators=[without_cpr],
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Placement
        fields = ["withdrawn_reason"]
