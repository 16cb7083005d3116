"""The form of a work agreement, and its weekly schedule (D15)."""

import datetime
from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import WEEKDAYS, CompanyContact, HoursKind, WorkAgreement
from companies.rules.weekly_schedule import WorkPeriod
from jobfirst.kit.forms import OnceMixin, TimeInput
from jobfirst.kit.layout import Folded
from jobfirst.kit.model_forms import BaseFormSet, ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


class AgreementForm(OnceMixin, VersionedFormMixin, ModelForm[WorkAgreement]):
    """The content of a work agreement (D15); the schedule is a separate formset."""

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

    def __init__(self, *args: Any, contacts: QuerySet[CompanyContact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["company_contact"].queryset = contacts  # type: ignore[attr-defined]  # a field of a model
        names = WorkAgreement.written_names()
        position = names.index("company_contact") + 1
        self.order_fields([*names[:position], *self.NEW_CONTACT, *names[position:]])
        new_contact = Folded(_("New contact person"), *self.NEW_CONTACT)
        new_contact.is_open = not contacts.exists()
        self.layout = Layout(*names[:position], new_contact, *names[position:])

    def clean(self) -> dict[str, Any]:
        """Require a contact person: an existing one, or a new one's name."""
        cleaned = super().clean() or self.cleaned_data
        if "company_contact" in self.errors or "contact_name" in self.errors:
            return cleaned
        if cleaned.get("company_contact") is None and not cleaned.get("contact_name"):
            self.add_error("contact_name", _("Choose a contact person, or write the name of a new one."))
        return cleaned


class ScheduleDayForm(forms.Form):
    """The hours of one weekday, internship and ordinary hours apart."""

    internship_from = forms.TimeField(label=_("Internship from"), widget=TimeInput, required=False)
    internship_to = forms.TimeField(label=_("Internship to"), widget=TimeInput, required=False)
    ordinary_from = forms.TimeField(label=_("Ordinary hours from"), widget=TimeInput, required=False)
    ordinary_to = forms.TimeField(label=_("Ordinary hours to"), widget=TimeInput, required=False)

    def clean(self) -> dict[str, Any]:
        """Require both ends of a period, in order, and no overlap of the two periods."""
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

    def lines(self, weekday: int) -> list[WorkPeriod]:
        """The periods of the day, in order."""
        periods = []
        for kind in HoursKind.values:
            first, last = self.cleaned_data.get(f"{kind}_from"), self.cleaned_data.get(f"{kind}_to")
            if first is not None and last is not None:
                periods.append(WorkPeriod(weekday, first, last, kind))
        return sorted(periods)


class BaseScheduleFormSet(BaseFormSet[ScheduleDayForm]):
    """A week: one form per weekday."""

    @property
    def days(self) -> list[tuple[str | Promise, ScheduleDayForm]]:
        """Return the names of the weekdays with their forms."""
        return list(zip(WEEKDAYS.values(), self.forms, strict=False))

    @property
    def is_weekend_used(self) -> bool:
        """Whether Saturday or Sunday has hours or an error."""
        return any(form.errors or any(field.value() for field in form) for _name, form in self.days[5:])

    def lines(self) -> list[WorkPeriod]:
        """The periods of the whole week."""
        return [line for number, form in enumerate(self.forms, start=1) for line in form.lines(number)]


ScheduleFormSet = forms.formset_factory(
    ScheduleDayForm,
    formset=BaseScheduleFormSet,
    extra=0,
    min_num=7,
    max_num=7,
    absolute_max=7,
    validate_min=True,
    validate_max=True,
)


def schedule_initial(lines: Iterable[WorkPeriod]) -> list[dict[str, datetime.time]]:
    """Return the initial values of a week's forms; two periods of one kind on a day become one."""
    days: list[dict[str, datetime.time]] = [{} for _day in WEEKDAYS]
    for line in sorted(lines):
        day = days[line.weekday - 1]
        day.setdefault(f"{line.kind}_from", line.starts_at)
        day[f"{line.kind}_to"] = line.ends_at
    return days
