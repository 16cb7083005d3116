"""Forms of companies, matches, placements and work agreements."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from stdnum.dk import cvr as cvr_number

from cases.free_text import without_cpr
from companies.models import Company, CompanyContact, HoursKind, Placement, PlacementKind, WorkAgreement
from companies.rules.weekly_schedule import Line
from jobfirst.kit.forms import DateInput, DecimalInput, DigitsInput, OnceMixin
from jobfirst.kit.versioned import VersionedFormMixin

MOST_HOURS = 60
WEEKDAYS = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
    (6, _("Saturday")),
    (7, _("Sunday")),
]


class TimeInput(forms.TimeInput):
    """The browser's own time picker."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%H:%M")


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

    def to_python(self, value: Any) -> Any:
        """A point is read as a decimal mark, too."""
        if isinstance(value, str):
            value = value.strip().replace(".", ",") or "0"
        return super().to_python(value)


def valid_cvr(value: str) -> None:
    """Refuse what is not eight digits with a valid check digit."""
    if len(value) != 8 or not cvr_number.is_valid(value):
        raise forms.ValidationError(_("A CVR number has eight digits; check them."), code="cvr")


class CompanyFieldsMixin(forms.Form):
    """A company by its CVR number; one that is not known yet needs its name."""

    cvr = forms.CharField(
        label=_("CVR number"),
        widget=DigitsInput(attrs={"maxlength": 8, "list": "known-companies"}),
        validators=[valid_cvr],
    )
    company_name = forms.CharField(
        label=_("The company's name"),
        help_text=_("Only when the company is new here."),
        max_length=150,
        required=False,
    )

    def clean(self) -> dict[str, Any] | None:
        """Ask for the name of a company that nobody has registered."""
        super().clean()
        number = self.cleaned_data.get("cvr")
        if number and self.known_company is None and not self.cleaned_data.get("company_name", "").strip():
            self.add_error(
                "company_name", _("There is no company with this number yet: write its name, too.")
            )
        return self.cleaned_data

    @cached_property
    def known_company(self) -> Company | None:
        """The company, when it is registered."""
        return Company.objects.filter(cvr=self.cleaned_data["cvr"]).first()


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


class HoursForm(VersionedFormMixin, forms.ModelForm):
    """The weekly hours of a placement (D20)."""

    internship_hours = HoursField(label=_("Internship hours a week"))
    ordinary_hours = HoursField(label=_("Ordinary hours a week"))

    class Meta:
        model = Placement
        fields = ["internship_hours", "ordinary_hours"]


class EndPlacementForm(VersionedFormMixin, forms.ModelForm):
    """The last day of a placement; one that lies ahead is a plan."""

    ended_on = forms.DateField(
        label=_("Last day"),
        widget=DateInput,
        help_text=_("The last day that the citizen is at work. A day ahead becomes the planned last day."),
    )

    class Meta:
        model = Placement
        fields = ["ended_on"]


class WithdrawPlacementForm(VersionedFormMixin, forms.ModelForm):
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


class CompanyForm(VersionedFormMixin, forms.ModelForm):
    """What is known of a company; the number itself never changes."""

    class Meta:
        model = Company
        fields = ["name", "ordinary_employees"]
        help_texts = {
            "ordinary_employees": _(
                "Persons employed on ordinary terms. Decides how many may be in internship or wage subsidy "
                "at once."
            )
        }


class NewCompanyForm(forms.Form):
    """A company that is not known yet."""

    cvr = forms.CharField(
        label=_("CVR number"), widget=DigitsInput(attrs={"maxlength": 8}), validators=[valid_cvr]
    )
    name = forms.CharField(label=_("Name"), max_length=150)
    ordinary_employees = forms.IntegerField(
        label=_("Ordinary employees"), min_value=0, max_value=1_000_000, required=False
    )

    def clean_cvr(self) -> str:
        """A number that stands already belongs to the company's own page."""
        if Company.objects.filter(cvr=self.cleaned_data["cvr"]).exists():
            raise forms.ValidationError(_("The company is already registered."), code="known")
        return self.cleaned_data["cvr"]


class ContactForm(OnceMixin, VersionedFormMixin, forms.ModelForm):
    """A contact person at a company."""

    class Meta:
        model = CompanyContact
        fields = CompanyContact.DETAILS


class AgreementForm(OnceMixin, VersionedFormMixin, forms.ModelForm):
    """The content of a work agreement (D15); the schedule is a formset beside it."""

    NEW_CONTACT = [f"contact_{name}" for name in CompanyContact.DETAILS]

    company_contact = forms.ModelChoiceField(
        label=_("Contact person"),
        queryset=CompanyContact.objects.none(),
        required=False,
        empty_label=_("Somebody new, written below"),
    )
    contact_name = forms.CharField(label=_("New contact person: name"), max_length=150, required=False)
    contact_title = forms.CharField(label=_("Title"), max_length=100, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)

    class Meta:
        model = WorkAgreement
        fields = WorkAgreement.written_names()
        widgets = {
            "tasks": forms.Textarea(attrs={"rows": 4}),
            "goals": forms.Textarea(attrs={"rows": 3}),
            "subgoals": forms.Textarea(attrs={"rows": 3}),
            "support_needs": forms.Textarea(attrs={"rows": 3}),
            "accommodations": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "goals": _("Goals for the progression"),
            "subgoals": _("Subgoals on the way"),
            "support_needs": _("Special support needs at the workplace"),
        }
        help_texts = {
            "tasks": _("The tasks that the citizen does, so that all three parties expect the same."),
            "accommodations": _("Taken from the course; write what the workplace is to keep to."),
        }

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company_contact"].queryset = company.contacts.all()  # type: ignore[attr-defined]
        names = WorkAgreement.written_names()
        after = names.index("company_contact") + 1
        self.order_fields([*names[:after], *self.NEW_CONTACT, *names[after:]])

    def clean(self) -> dict[str, Any]:
        """Ask for a contact person: one who is known, or a new one's name."""
        cleaned = super().clean() or self.cleaned_data
        if "company_contact" in self.errors or "contact_name" in self.errors:
            return cleaned
        if cleaned.get("company_contact") is None and not cleaned.get("contact_name"):
            self.add_error("contact_name", _("Choose a contact person, or write the name of a new one."))
        return cleaned


class DayForm(forms.Form):
    """The hours of one weekday: internship and ordinary hours apart."""

    internship_from = forms.TimeField(label=_("Internship from"), widget=TimeInput, required=False)
    internship_to = forms.TimeField(label=_("Internship to"), widget=TimeInput, required=False)
    ordinary_from = forms.TimeField(label=_("Ordinary hours from"), widget=TimeInput, required=False)
    ordinary_to = forms.TimeField(label=_("Ordinary hours to"), widget=TimeInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Both ends of a period, in order, and the two periods apart."""
        cleaned = super().clean() or self.cleaned_data
        for kind in HoursKind.values:
            first, last = cleaned.get(f"{kind}_from"), cleaned.get(f"{kind}_to")
            if (first is None) != (last is None) and not self.errors:
                missing = f"{kind}_from" if first is None else f"{kind}_to"
                self.add_error(missing, _("Write both from and to."))
            elif first is not None and last is not None and last <= first:
                self.add_error(f"{kind}_to", _("The working day must end after it starts."))
        if not self.errors and len(lines := self.lines(1)) == 2 and lines[0].ends_at > lines[1].starts_at:
            self.add_error("ordinary_from", _("Internship and ordinary hours overlap on this day."))
        return cleaned

    def lines(self, weekday: int) -> list[Line]:
        """The periods of the day, in order."""
        found = []
        for kind in HoursKind.values:
            first, last = self.cleaned_data.get(f"{kind}_from"), self.cleaned_data.get(f"{kind}_to")
            if first is not None and last is not None:
                found.append(Line(weekday, first, last, kind))
        return sorted(found)


class BaseScheduleFormSet(forms.BaseFormSet):
    """A week: one form a weekday."""

    @property
    def days(self) -> list[tuple[Any, forms.Form]]:
        """The weekdays' names with their forms."""
        return [(name, form) for (_number, name), form in zip(WEEKDAYS, self.forms, strict=False)]

    def lines(self) -> list[Line]:
        """The whole week's periods."""
        return [line for number, form in enumerate(self.forms, start=1) for line in form.lines(number)]


ScheduleFormSet = forms.formset_factory(
    DayForm,
    formset=BaseScheduleFormSet,
    extra=0,
    min_num=7,
    max_num=7,
    absolute_max=7,
    validate_min=True,
    validate_max=True,
)


def schedule_initial(lines: Iterable[Line]) -> list[dict[str, datetime.time]]:
    """What a week's forms start with; a second period of the same kind on a day joins the first."""
    days: list[dict[str, datetime.time]] = [{} for _day in WEEKDAYS]
    for line in sorted(lines):
        day = days[line.weekday - 1]
        day.setdefault(f"{line.kind}_from", line.starts_at)
        day[f"{line.kind}_to"] = line.ends_at
    return days
