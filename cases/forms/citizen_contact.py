"""The form of the citizen's contact information."""

import datetime
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.models import CitizenContact, Course
from jobfirst.kit.forms import PhoneInput
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

CITIZEN_FIELDS = (
    "phone",
    "email",
    "declines_messages",
    "address",
    "has_protected_address",
    "interpreter_language",
)
KIN_FIELDS = ("kin_name", "kin_relation", "kin_phone")
FIELDS = (*CITIZEN_FIELDS, *KIN_FIELDS)


class CitizenContactForm(VersionedFormMixin, CourseFormMixin, ModelForm[CitizenContact]):
    """Phone, e-mail, address, interpreter and next of kin."""

    title = _("Contact information")
    success = _("The contact information is saved.")

    class Meta:
        model = CitizenContact
        fields = FIELDS
        widgets = {
            "phone": PhoneInput,
            "kin_phone": PhoneInput,
            "address": forms.Textarea(attrs={"rows": 2}),
        }
        labels = {
            "declines_messages": _("Wants no messages about meetings"),
            "has_protected_address": _("The address is protected"),
            "interpreter_language": _("Needs an interpreter: language"),
            "kin_name": _("Name"),
            "kin_relation": _("Relation"),
            "kin_phone": _("Phone"),
        }
        help_texts = {
            "declines_messages": _("Otherwise the citizen gets a message the day before each meeting."),
            "has_protected_address": _("Only those who have a function in the course see the address."),
            "interpreter_language": _("Leave it empty when no interpreter is needed."),
            "kin_relation": _("For example mother, partner or friend."),
        }

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        instance = getattr(course, "citizen_contact", None) or CitizenContact(course=course, version=0)
        super().__init__(*args, instance=instance, course=course, **kwargs)
        self.layout = Layout(
            Fieldset(str(_("The citizen")), *CITIZEN_FIELDS),
            Fieldset(str(_("Next of kin")), *KIN_FIELDS),
            "version",
        )

    def save(self, *, by: User, today: datetime.date) -> CitizenContact:
        """Save the contact information."""
        values = {name: self.cleaned_data[name] for name in FIELDS}
        return actions.update_citizen_contact(self.course, values, version=self.opened_version)
