"""Forms of the weekly contacts (D17)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Channel, MentorContact
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin

PRESENT_HELP = _("Without the citizen it is kept as an attempt and does not count as a contact.")


class ContactForm(OnceMixin, forms.Form):
    """A contact on a day that may be another than today."""

    held_on = forms.DateField(label=_("Date"), widget=DateInput)
    channel = forms.ChoiceField(label=_("How"), choices=Channel.choices, widget=forms.RadioSelect)
    citizen_present = forms.BooleanField(
        label=_("The citizen took part"), required=False, initial=True, help_text=PRESENT_HELP
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 4}), required=False)


class CorrectContactForm(VersionedFormMixin, ModelForm[MentorContact]):
    """A registered contact, to be mended or given a note."""

    class Meta:
        model = MentorContact
        fields = ["held_on", "channel", "citizen_present", "note"]
        widgets = {
            "held_on": DateInput,
            "channel": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {
            "held_on": _("Date"),
            "channel": _("How"),
            "citizen_present": _("The citizen took part"),
            "note": _("Note"),
        }
        help_texts = {"citizen_present": PRESENT_HELP}
