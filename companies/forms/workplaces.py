"""Forms of workplaces, and the fields that name one in another form."""

import datetime
from typing import Any, cast

from crispy_forms.layout import Layout, Row
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from companies.actions import companies as actions
from companies.forms.companies import CompanyFieldsMixin
from companies.models import Company, Workplace
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.forms import DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

#: The choice that says that the workplace is not known yet.
NOT_KNOWN = "-"


class WorkplaceForm(OnceMixin, VersionedFormMixin, EditFormMixin, ModelForm[Workplace]):
    """Add or correct a workplace of a company, or close it."""

    success = _("The workplace is saved.")

    class Meta:
        model = Workplace
        fields = actions.WORKPLACE_FACTS
        widgets = {
            "p_number": DigitsInput(attrs={"maxlength": 10}),
            "postal_code": DigitsInput(attrs={"maxlength": 4}),
        }
        labels = {"p_number": _("P-number")}
        help_texts = {"p_number": _("Ten digits; may be left empty.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        self.title = _("New workplace of the company") if is_new else _("Correct the workplace")
        self.intro = self.instance.company.name
        if is_new:
            del self.fields["is_closed"]
        self.layout = Layout(
            "name",
            "p_number",
            "street",
            Row("postal_code", "town"),
            "ordinary_employees",
            *(() if is_new else ("is_closed",)),
        )

    def save(self, *, by: User, today: datetime.date) -> Workplace:
        """Save the workplace."""
        facts = {name: self.cleaned_data[name] for name in actions.WORKPLACE_FACTS if name in self.fields}
        if self.instance.pk is None:
            return actions.save_workplace(self.instance.company, facts, submission=self.submission)
        return actions.save_workplace(
            self.instance.company, facts, self.instance, version=self.opened_version
        )


class WorkplaceFieldsMixin(CompanyFieldsMixin):
    """A company and its workplace: one of those registered, or another by its P-number.

    Where a company has any and none was chosen, the form asks for it; "not known yet" is an answer.
    """

    workplace = forms.ChoiceField(label=_("Company workplace"), required=False)
    p_number = forms.RegexField(
        r"^[0-9]{10}$",
        label=_("P-number of another workplace"),
        help_text=_("Ten digits; may be left empty."),
        widget=DigitsInput(attrs={"maxlength": 10}),
        required=False,
        error_messages={"invalid": _("A P-number has ten digits.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workplaces = self._workplaces()
        field = cast(forms.ChoiceField, self.fields["workplace"])
        if not self.workplaces:
            field.widget = forms.HiddenInput()
            return
        choices = [(key, described_workplace(row)) for key, row in self.workplaces.items()]
        field.choices = [("", _("Choose")), *choices, (NOT_KNOWN, _("Not known yet"))]
        if len(choices) == 1:
            field.initial = choices[0][0]

    def _workplaces(self) -> dict[str, Workplace]:
        """Return the open workplaces of the company that the form is about, by public id."""
        company = self.asked_company
        if company is None:
            return {}
        return {str(row.public_id): row for row in company.workplaces.filter(is_closed=False)[:50]}

    def clean(self) -> dict[str, Any] | None:
        """Ask for the workplace of a company that has any."""
        cleaned = super().clean() or self.cleaned_data
        was_asked = "workplace" in self.data
        if self.workplaces and was_asked and not self._is_named(cleaned) and not self.errors:
            self.add_error("workplace", _("Choose the workplace, or say that it is not known yet."))
        return cleaned

    @staticmethod
    def _is_named(cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("workplace") or cleaned.get("p_number"))

    def save_workplace(self, company: Company) -> Workplace | None:
        """Return the workplace of the form; register it when its P-number is new at the company."""
        if self.cleaned_data.get("p_number"):
            return actions.workplace_by_number(company, self.cleaned_data["p_number"])
        return self.workplaces.get(self.cleaned_data.get("workplace") or "")


def described_workplace(workplace: Workplace) -> str:
    """Return name, address and P-number in one line."""
    parts = [workplace.name, workplace.address]
    if workplace.p_number:
        parts.append(f"P {workplace.p_number}")
    return ", ".join(part for part in parts if part) or str(_("The company's address"))
