"""Forms about users: invitation, roles, and the first password."""

import datetime
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Project, User
from accounts.people import actions, addresses, confirmations
from accounts.roles import TRIAL_WIDE, Role
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import FreeTextField
from jobfirst.kit.forms import PhoneInput, form_helper
from jobfirst.kit.model_forms import ModelForm


class RoleForm(forms.Form):
    """A role, and the project it is held in (none for the agency and administrators)."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role"), choices=[("", gettext_lazy("Choose")), *Role.choices]
    )
    project = forms.ModelChoiceField(
        label=gettext_lazy("Project"),
        queryset=Project.objects.order_by("name"),
        required=False,
        empty_label=gettext_lazy("No project"),
        help_text=gettext_lazy("Leave empty for the agency and for administrators."),
    )

    helper_url = ""

    @property
    def helper(self) -> FormHelper:
        return form_helper(_("Give the role"), action=self.helper_url)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        role, project = cleaned.get("role"), cleaned.get("project")
        if role in TRIAL_WIDE and project is not None:
            self.add_error("project", _("This role belongs to no project. Leave the project empty."))
        elif role and role not in TRIAL_WIDE and project is None and "project" not in self.errors:
            self.add_error("project", _("Choose the project in which the person has the role."))
        return cleaned


class InviteForm(EditFormMixin, RoleForm):
    """A new user with a first role."""

    title = gettext_lazy("Invite a user")
    submit = gettext_lazy("Send the invitation")

    name = FreeTextField(label=gettext_lazy("Name"), max_length=150)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        help_text=gettext_lazy("The invitation is sent here, and the person signs in with it."),
    )

    field_order = ("name", "email", "role", "project")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise ValidationError(_("There is a user with this address already. Find it in the list."))
        return email

    answer = confirmations.RoleAnswer.GIVEN

    def save(self, *, by: User, today: datetime.date) -> User:
        """Create the user and send the invitation."""
        data = self.cleaned_data
        user, self.answer = confirmations.invite(
            data["email"], data["name"], data["project"], data["role"], by=by
        )
        return user

    def success_message(self, saved: User) -> str:
        """Name the person, and say when the role waits."""
        if self.answer == confirmations.RoleAnswer.WAITING:
            text = _("%(name)s is invited by e-mail. Another administrator must confirm the role.")
        else:
            text = _("%(name)s is invited by e-mail.")
        return text % {"name": saved.name}


class AddressForm(EditFormMixin, forms.Form):
    """Another e-mail address of a user."""

    title = gettext_lazy("Change the e-mail address")
    intro = gettext_lazy("The person signs in with the new address. Mails that came back are sent anew.")
    success = gettext_lazy("The e-mail address is changed.")

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = person.email
        self.person = person

    def save(self, *, by: User, today: datetime.date) -> User:
        """Change the address."""
        return addresses.change_address(self.person, self.cleaned_data["email"], by=by)


class PhoneForm(EditFormMixin, ModelForm[User]):
    """The user's own phone number."""

    title = gettext_lazy("Your phone number")
    intro = gettext_lazy("Your colleagues see it on the courses where you have a function.")
    success = gettext_lazy("The phone number is saved.")

    class Meta:
        model = User
        fields = ["phone"]
        widgets = {"phone": PhoneInput}
        labels = {"phone": gettext_lazy("Phone")}

    def save(self, *, by: User, today: datetime.date) -> User:
        """Save the number."""
        return actions.change_phone(by, self.cleaned_data["phone"])


if TYPE_CHECKING:
    SetUserPasswordForm = SetPasswordForm[User]
else:
    SetUserPasswordForm = SetPasswordForm


class FirstPasswordForm(SetUserPasswordForm):
    """The password that an invited person chooses."""

    error_title = gettext_lazy("The password is not saved yet")

    @property
    def helper(self) -> FormHelper:
        return form_helper(_("Save the password and sign in"))
