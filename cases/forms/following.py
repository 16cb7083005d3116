"""Forms of the close support: contacts and monthly meetings (D9, D17, D18)."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import Channel, FollowUpMeeting, MentorContact
from jobfirst.kit.forms import DateInput, DateTimeInput, OnceMixin
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


class BookForm(OnceMixin, forms.Form):
    """Book a monthly meeting."""

    planned_at = forms.DateTimeField(label=_("Day and time"), widget=DateTimeInput)
    place = forms.CharField(label=_("Place"), max_length=150, required=False)


class MoveForm(VersionedFormMixin, ModelForm[FollowUpMeeting]):
    """Give a booked meeting another day, time or place."""

    class Meta:
        model = FollowUpMeeting
        fields = ["planned_at", "place"]
        widgets = {"planned_at": DateTimeInput}
        labels = {"planned_at": _("Day and time"), "place": _("Place")}


class HoldForm(forms.Form):
    """Record a meeting as held; not without the citizen (D9)."""

    held_on = forms.DateField(label=_("Held on"), widget=DateInput)
    citizen_present = forms.BooleanField(
        label=_("The citizen took part"),
        required=False,
        help_text=_("A meeting without the citizen is not held: record it as missed instead."),
    )
    attendees = forms.ModelMultipleChoiceField(
        label=_("Also present"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("Progression, CV, job goal and work agreement."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attendees"].queryset = people  # type: ignore[attr-defined]  # a field of a model
