"""The fields of a match (D14), for the form of a match and for that of a dialogue's last step."""

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import DialogueEntry, Match
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput


def job_function_field() -> forms.CharField:
    """Return the field of the job function that a dialogue or a match is about."""
    return FreeTextField(
        label=_("Job function"),
        max_length=Match._meta.get_field("job_function").max_length,
        required=False,
    )


class MatchFieldsMixin(forms.Form):
    """The day of a match, the job function, and why it is a match."""

    matched_on = DayField(label=_("Matched on"), widget=DateInput)
    job_function = job_function_field()
    why = FreeTextField(
        label=_("Why it is a match"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=DialogueEntry._meta.get_field("note").max_length,  # it ends the dialogue as its note
        required=False,
    )
