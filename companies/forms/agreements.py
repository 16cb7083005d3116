"""The form of a work agreement (D15); its weekly schedule is in `companies.forms.schedule`."""

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.models import CompanyContact, WorkAgreement
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.layout import Folded, FoldedOnPhone
from jobfirst.kit.model_forms import ModelForm
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
    contact_name = FreeTextField(label=_("New contact person: name"), max_length=150, required=False)
    contact_title = FreeTextField(label=_("Title"), max_length=100, required=False)
    contact_phone = FreeTextField(label=_("Phone"), max_length=30, required=False)
    contact_email = forms.EmailField(label=_("E-mail"), required=False)

    valid_from = DayField(
        label=_("Holds from"),
        help_text=_("Leave it empty for today, or the placement's first day if that is later."),
        widget=DateInput,
        required=False,
    )

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
        new_contact = Folded(_("New contact person"), *self.NEW_CONTACT)
        new_contact.is_open = not contacts.exists()
        self.layout = Layout(
            "tasks",
            FoldedOnPhone(_("Goals and subgoals"), "goals", "subgoals"),
            FoldedOnPhone(_("Contact person"), "company_contact", new_contact),
            FoldedOnPhone(_("Support and accommodations"), "support_needs", "accommodations"),
            "valid_from",
        )
        self.order_fields([field.name for field in self.layout.get_field_names()])

    def clean(self) -> dict[str, Any]:
        """Require a contact person: an existing one, or a new one's name."""
        cleaned = super().clean() or self.cleaned_data
        if "company_contact" in self.errors or "contact_name" in self.errors:
            return cleaned
        if cleaned.get("company_contact") is None and not cleaned.get("contact_name"):
            self.add_error("contact_name", _("Choose a contact person, or write the name of a new one."))
        return cleaned
