"""The form that confirms an evaluator's package."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.forms import OnceMixin, form_helper


class PackageForm(OnceMixin, forms.Form):
    """Confirms that a package is made and leaves the system."""

    is_confirmed = forms.BooleanField(
        label=_("I have read this, and the file is handed over only as the data agreement says")
    )

    @property
    def helper(self) -> object:
        """The crispy helper with the button."""
        return form_helper(str(_("Make the package and download it")))
