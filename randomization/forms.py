"""The one form of the draw: which project, and in a rehearsal which day."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import Project
from jobfirst import mode
from jobfirst.kit.forms import DateInput, form_helper


class DrawForm(forms.Form):
    """Asks before drawing; there is no way back (D5)."""

    project = forms.ModelChoiceField(
        queryset=Project.objects.none(), to_field_name="slug", widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, projects: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]
        if mode.is_rehearsal():
            self.fields["on"] = forms.DateField(
                label=_("Day of the draw"),
                widget=DateInput,
                initial=today,
                help_text=_("Only in a rehearsal. A real trial draws on the day itself."),
            )
        self.helper = form_helper(_("Draw now"))

    @property
    def on(self) -> datetime.date:
        """The day of allocation: the one given in a rehearsal, otherwise today."""
        return self.cleaned_data.get("on") or self._today
