"""Forms of companies and their contact persons."""

import datetime
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from stdnum.dk import cvr as cvr_number

from accounts.models import User
from companies.actions import companies as actions
from companies.forms.project_rows import ProjectRowFormMixin
from companies.merging.lookup import company_by_cvr
from companies.models import Company, CompanyContact
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.forms import DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


def valid_cvr(value: str) -> None:
    """Validator: eight digits with a valid check digit."""
    if len(value) != 8 or not cvr_number.is_valid(value):
        raise forms.ValidationError(_("A CVR number has eight digits; check them."), code="cvr")


class CompanyFieldsMixin(forms.Form):
    """A company by its CVR number; a new one needs a name."""

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
        """Require the name of a company that is not registered."""
        super().clean()
        number = self.cleaned_data.get("cvr")
        if number and self.known_company is None and not self.cleaned_data.get("company_name", "").strip():
            self.add_error(
                "company_name", _("There is no company with this number yet: write its name, too.")
            )
        return self.cleaned_data

    @cached_property
    def known_company(self) -> Company | None:
        """The registered company that the number leads to, or None."""
        return company_by_cvr(self.cleaned_data["cvr"])

    def save_company(self) -> Company:
        """Return the company of the form; register it when it is new."""
        return self.known_company or actions.save_company(
            self.cleaned_data["cvr"], name=self.cleaned_data["company_name"]
        )


class CompanyForm(VersionedFormMixin, EditFormMixin, ModelForm[Company]):
    """Correct a company; its CVR number cannot change."""

    title = _("Correct the company")
    success = _("The company is corrected.")

    class Meta:
        model = Company
        fields = ["name", "ordinary_employees"]
        help_texts = {
            "ordinary_employees": _(
                "Persons employed on ordinary terms. Decides how many may be in internship or wage subsidy "
                "at once."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intro = f"CVR {self.instance.cvr}"

    def save(self, *, by: User, today: datetime.date) -> Company:
        """Save the correction."""
        return actions.save_company(
            self.instance.cvr,
            name=self.cleaned_data["name"],
            ordinary_employees=self.cleaned_data["ordinary_employees"],
            version=self.opened_version,
        )


class NewCompanyForm(EditFormMixin, forms.Form):
    """Register a company."""

    title = _("Register a company")
    success = _("The company is registered.")

    cvr = forms.CharField(
        label=_("CVR number"), widget=DigitsInput(attrs={"maxlength": 8}), validators=[valid_cvr]
    )
    name = forms.CharField(label=_("Name"), max_length=150)
    ordinary_employees = forms.IntegerField(
        label=_("Ordinary employees"), min_value=0, max_value=1_000_000, required=False
    )

    def clean_cvr(self) -> str:
        """Refuse the number of a company that is registered already."""
        number: str = self.cleaned_data["cvr"]
        if Company.objects.filter(cvr=number).exists():
            raise forms.ValidationError(_("The company is already registered."), code="known")
        return number

    def save(self, *, by: User, today: datetime.date) -> Company:
        """Register the company."""
        return actions.save_company(
            self.cleaned_data["cvr"],
            name=self.cleaned_data["name"],
            ordinary_employees=self.cleaned_data["ordinary_employees"],
        )


class CompanyContactForm(
    OnceMixin, VersionedFormMixin, ProjectRowFormMixin, EditFormMixin, ModelForm[CompanyContact]
):
    """Add or correct a contact person of a project at a company."""

    success = _("The contact person is saved.")

    class Meta:
        model = CompanyContact
        fields = CompanyContact.DETAILS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = _("Correct the contact person") if self.instance.pk else _("New contact person")
        self.intro = self.instance.company.name

    def save(self, *, by: User, today: datetime.date) -> CompanyContact:
        """Save the contact person."""
        fields = {name: self.cleaned_data[name] for name in CompanyContact.DETAILS}
        return actions.save_contact(
            self.instance.company,
            fields,
            self.instance if self.instance.pk else None,
            project=self.chosen_project,
            version=self.opened_version if self.instance.pk else None,
            submission=None if self.instance.pk else self.submission,
        )
