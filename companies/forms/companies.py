"""Forms of companies and their contact persons."""

import datetime
from typing import Any, cast

from crispy_forms.layout import Layout, Row
from django import forms
from django.forms.utils import ErrorDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from stdnum.dk import cvr as cvr_number

from accounts.models import User
from companies import search
from companies.actions import companies as actions
from companies.forms.project_rows import ProjectRowFormMixin
from companies.merging.lookup import company_by_cvr
from companies.models import Company, CompanyContact
from companies.register.facts import RegisterFacts
from companies.register.lookup import completed, registered_facts
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.forms import DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


def valid_cvr(value: str) -> None:
    """Validator: eight digits with a valid check digit."""
    if len(value) != 8 or not cvr_number.is_valid(value):
        raise forms.ValidationError(_("A CVR number has eight digits; check them."), code="cvr")


#: The button that searches, and saves nothing.
SEARCH_BUTTON = "search_company"
#: The radio buttons of the companies to choose from.
CHOSEN = "cvr_chosen"


class CompanyInput(forms.TextInput):
    """Words to find a company by, a button that searches, and the companies to choose from.

    Works without JavaScript: the button sends the form as it is, and the page comes back with all that was
    typed and the companies as radio buttons. htmx fetches them while one types.
    """

    template_name = "companies/_company_input.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", "spellcheck": "false", **(attrs or {})})
        self.companies: list[Company] = []
        self.registered: RegisterFacts | None = None
        self.was_searched = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return the number of the company that was chosen, else what was typed."""
        if SEARCH_BUTTON in data:
            return data.get(name)
        return data.get(CHOSEN) or data.get(name)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Return the context of the template."""
        context = super().get_context(name, value, attrs)
        digits = "".join(str(value or "").split())
        is_number = digits.isdigit() and len(digits) == search.CVR_DIGITS
        context["chosen"] = company_by_cvr(digits) if is_number else None
        context["companies"] = self.companies
        context["registered"] = self.registered
        context["was_searched"] = self.was_searched
        context["chosen_name"] = CHOSEN
        context["search_button"] = SEARCH_BUTTON
        return context


class CompanyFieldsMixin(forms.Form):
    """A company, found by name, number, sector or place; a new one by its CVR number and a name.

    Where what was typed is no CVR number, the form is not saved: it comes back with the companies that match.
    The name of a new company may be left to the public register, where one is set.
    """

    cvr = forms.CharField(
        label=_("Company"),
        help_text=_("Name, CVR number, P-number, sector or town. Is it new here: its CVR number."),
        max_length=100,
        widget=CompanyInput(attrs={"list": "known-companies"}),
    )
    company_name = FreeTextField(
        label=_("The company's name"),
        help_text=_("Only when the company is new here."),
        max_length=150,
        required=False,
    )

    @property
    def is_search(self) -> bool:
        """Whether the form was sent to search for a company, not to be saved."""
        return self.is_bound and SEARCH_BUTTON in self.data

    def is_valid(self) -> bool:
        """Whether the form can be saved; a search only finds companies, and complains of nothing."""
        if self.is_search:
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, Any] = {}
            self.offer_companies(self.data.get(self.add_prefix("cvr"), ""))
            return False
        return super().is_valid()

    def offer_companies(self, typed: str) -> list[Company]:
        """Show the companies that match below the field, and return them."""
        widget = cast(CompanyInput, self.fields["cvr"].widget)
        widget.companies = search.choices_for(typed)
        widget.registered = None if widget.companies else registered_facts(typed)
        widget.was_searched = True
        return widget.companies

    def clean_cvr(self) -> str:
        """Return the CVR number; refuse words, and offer the companies that they find."""
        typed: str = self.cleaned_data["cvr"].strip()
        digits = "".join(typed.split())
        if digits.isdigit() and len(digits) == search.CVR_DIGITS:
            valid_cvr(digits)
            return digits
        if digits.isdigit() and len(digits) < search.P_DIGITS and not self.offer_companies(typed):
            valid_cvr(digits)
        if self.offer_companies(typed):
            raise forms.ValidationError(_("Choose the company below."), code="choose")
        raise forms.ValidationError(
            _("No company matches. Is it new here, write its CVR number and its name."), code="none"
        )

    def clean(self) -> dict[str, Any] | None:
        """Require the name of a company that is not registered, unless the public register has it."""
        super().clean()
        number = self.cleaned_data.get("cvr")
        if number and self.known_company is None and not self.cleaned_data.get("company_name", "").strip():
            facts = registered_facts(number)
            if facts is not None and facts.name:
                self.cleaned_data["company_name"] = facts.name
            else:
                text = _("There is no company with this number yet: write its name, too.")
                self.add_error("company_name", text)
        return self.cleaned_data

    @cached_property
    def known_company(self) -> Company | None:
        """The registered company that the number leads to, or None."""
        return company_by_cvr(self.cleaned_data["cvr"])

    @property
    def asked_company(self) -> Company | None:
        """The company that the form stands on, sent or to begin with; None while there is none."""
        number = self["cvr"].value() or ""
        digits = "".join(str(number).split())
        return company_by_cvr(digits) if len(digits) == search.CVR_DIGITS else None

    def save_company(self) -> Company:
        """Return the company of the form; register it when it is new, with what the public register says."""
        return self.known_company or completed(
            actions.save_company(self.cleaned_data["cvr"], name=self.cleaned_data["company_name"])
        )


ADDRESS_LAYOUT = ("street", Row("postal_code", "town"), Row("sector_code", "sector"), "ordinary_employees")


class CompanyForm(VersionedFormMixin, EditFormMixin, ModelForm[Company]):
    """Correct the register's facts of a company; its CVR number cannot change."""

    title = _("Correct the company")
    success = _("The company is corrected.")
    layout = Layout("name", *ADDRESS_LAYOUT)

    class Meta:
        model = Company
        fields = actions.COMPANY_FACTS
        widgets = {
            "postal_code": DigitsInput(attrs={"maxlength": 4}),
            "sector_code": DigitsInput(attrs={"maxlength": 6}),
        }
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
        facts = {name: self.cleaned_data[name] for name in actions.COMPANY_FACTS}
        return actions.save_company(self.instance.cvr, version=self.opened_version, **facts)


class NewCompanyForm(EditFormMixin, ModelForm[Company]):
    """Register a company."""

    title = _("Register a company")
    success = _("The company is registered.")
    layout = Layout("cvr", "name", *ADDRESS_LAYOUT)

    cvr = forms.CharField(
        label=_("CVR number"), widget=DigitsInput(attrs={"maxlength": 8}), validators=[valid_cvr]
    )

    class Meta:
        model = Company
        fields = ("cvr", *actions.COMPANY_FACTS)
        widgets = CompanyForm.Meta.widgets

    def clean_cvr(self) -> str:
        """Refuse the number of a company that is registered already."""
        number: str = self.cleaned_data["cvr"]
        if Company.objects.filter(cvr=number).exists():
            raise forms.ValidationError(_("The company is already registered."), code="known")
        return number

    def save(self, *, by: User, today: datetime.date) -> Company:
        """Register the company."""
        facts = {name: self.cleaned_data[name] for name in actions.COMPANY_FACTS}
        return actions.save_company(self.cleaned_data["cvr"], **facts)


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
