"""Forms of the monthly meetings (D9, D18)."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.models import FollowUpMeeting
from jobfirst.kit.forms import DateInput, DateTimeInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


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
