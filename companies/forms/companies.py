"""Forms of companies and their contact persons."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from stdnum.dk import cvr as cvr_number

from companies.models import Company, CompanyContact
from jobfirst.kit.forms import DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


def valid_cvr(value: str) -> None:
    """Refuse what is not eight digits with a valid check digit."""
    if len(value) != 8 or not cvr_number.is_valid(value):
        raise forms.ValidationError(_("A CVR number has eight digits; check them."), code="cvr")


class CompanyFieldsMixin(forms.Form):
    """A company by its CVR number; one that is not known yet needs its name."""

    helper: FormHelper

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


class CompanyForm(VersionedFormMixin, ModelForm[Company]):
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
        number: str = self.cleaned_data["cvr"]
        if Company.objects.filter(cvr=number).exists():
            raise forms.ValidationError(_("The company is already registered."), code="known")
        return number


class ContactForm(OnceMixin, VersionedFormMixin, ModelForm[CompanyContact]):
    """A contact person at a company."""

    class Meta:
        model = CompanyContact
        fields = CompanyContact.DETAILS
