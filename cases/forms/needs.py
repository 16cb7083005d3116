"""Forms of what runs beside the course: needs, parallel efforts, accommodations (D11)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import EffortKind
from jobfirst.kit.forms import DateInput, OnceMixin


class NeedForm(OnceMixin, forms.Form):
    """A need that nobody covers yet."""

    description = forms.CharField(label=_("Need"), widget=forms.Textarea(attrs={"rows": 3}))
    noted_on = forms.DateField(label=_("Noted on"), widget=DateInput)


class CoverForm(forms.Form):
    """When and how a need was covered."""

    covered_on = forms.DateField(label=_("Covered on"), widget=DateInput)
    covered_how = forms.CharField(label=_("How was it covered?"), widget=forms.Textarea(attrs={"rows": 3}))


class EffortForm(OnceMixin, forms.Form):
    """A health, social or other intervention at the same time."""

    kind = forms.ChoiceField(label=_("Kind"), choices=EffortKind.choices, widget=forms.RadioSelect)
    description = forms.CharField(label=_("What"), widget=forms.Textarea(attrs={"rows": 3}))
    coordinator = forms.CharField(label=_("Who coordinates?"), max_length=150)
    starts_on = forms.DateField(label=_("From"), widget=DateInput)
    ends_on = forms.DateField(label=_("To"), widget=DateInput, required=False)


class EndEffortForm(forms.Form):
    """The last day of a parallel effort."""

    ends_on = forms.DateField(label=_("Last day"), widget=DateInput)


class AccommodationForm(OnceMixin, forms.Form):
    """A consideration that workplaces must take."""

    description = forms.CharField(label=_("Accommodation"), widget=forms.Textarea(attrs={"rows": 3}))
    from_on = forms.DateField(label=_("From"), widget=DateInput)
    until_on = forms.DateField(label=_("To"), widget=DateInput, required=False)


class EndAccommodationForm(forms.Form):
    """The last day of an accommodation."""

    until_on = forms.DateField(label=_("Last day"), widget=DateInput)
