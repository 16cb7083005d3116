"""Forms of the accommodations at the workplace, with their limits of the working hours (D11)."""

import datetime
from decimal import Decimal
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.models import Accommodation
from cases.presentation.work_limits import limits_in_words
from cases.rules.work_limits import LIMITS, WorkLimits, limits_named_in
from jobfirst.kit.fields import ClockField, DayField, FreeTextField, HoursField
from jobfirst.kit.forms import DateInput, DecimalInput, OnceMixin
from jobfirst.kit.layout import Folded
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits


class LimitFieldsMixin(forms.Form):
    """The limits of an accommodation: all optional."""

    hours_a_day = HoursField(
        label=_("At most hours a day"), required=False, empty=None, min_value=Decimal("0.25"), max_value=24
    )
    hours_a_week = HoursField(
        label=_("At most hours a week"), required=False, empty=None, min_value=Decimal("0.25")
    )
    days_a_week = forms.IntegerField(
        label=_("At most days a week"), required=False, min_value=1, max_value=7, widget=DecimalInput
    )
    not_before = ClockField(label=_("Not before"), required=False)
    not_after = ClockField(label=_("Not after"), required=False)
    no_nights = forms.BooleanField(label=_("No work at night (22.00 to 06.00)"), required=False)
    no_weekend = forms.BooleanField(label=_("No work on Saturdays and Sundays"), required=False)

    def clean(self) -> dict[str, Any] | None:
        """Require the hours of a day in order."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("not_before"), cleaned.get("not_after")
        if first is not None and last is not None and last <= first:
            self.add_error("not_after", _("The time must lie after the one above."))
        return cleaned

    @property
    def limits(self) -> WorkLimits:
        """The limits that were typed."""
        return WorkLimits(**{name: self.cleaned_data[name] for name in LIMITS})


class AccommodationForm(OnceMixin, CourseFormMixin, LimitFieldsMixin):
    """An accommodation at the workplace; it is copied to the work agreement.

    When the text names a limit ("højst 4 timer om dagen") and no limit is filled in, the first save fills it
    in and shows it (`suggestion`); the next one saves what stands there.
    """

    title = _("Accommodation")
    success = _("The accommodation is recorded.")

    description = FreeTextField(
        label=_("Accommodation"), max_length=text_limits.COMMENT, widget=forms.Textarea(attrs={"rows": 3})
    )
    from_on = DayField(label=_("From"), widget=DateInput)
    until_on = DayField(label=_("To"), widget=DateInput, required=False)
    suggested = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestion = ""
        self.folded = Folded(_("Limits of the working hours"), *LIMITS)
        self.layout = Layout("description", "from_on", "until_on", self.folded)

    def clean(self) -> dict[str, Any] | None:
        """Fill in the limits that the text names, to be seen before they are saved."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["suggested"] and not self.limits:
            limits = limits_named_in(cleaned["description"])
            if limits:
                self._suggest(limits)
        return cleaned

    def _suggest(self, limits: WorkLimits) -> None:
        data = cast(QueryDict, self.data).copy()  # that of a request is immutable
        data["suggested"] = "on"
        for name, limit in vars(limits).items():
            if limit:
                data[name] = number_format(limit)
        self.data = data
        self.folded.is_open = True
        self.suggestion = gettext(
            "The text names limits: %(limits)s. They are filled in below, so that work agreements can be "
            "compared with them. Check them, and save."
        ) % {"limits": ", ".join(limits_in_words(limits))}

    def is_valid(self) -> bool:
        """Whether the accommodation can be saved: no errors, and no suggestion that has not been shown."""
        return super().is_valid() and not self.suggestion

    def save(self, *, by: User, today: datetime.date) -> Accommodation:
        """Record the accommodation."""
        return actions.record_accommodation(
            self.course,
            description=self.cleaned_data["description"],
            from_on=self.cleaned_data["from_on"],
            until_on=self.cleaned_data["until_on"],
            limits=self.limits,
            submission=self.submission,
        )


class LimitAccommodationForm(VersionedFormMixin, CourseFormMixin, LimitFieldsMixin, ModelForm[Accommodation]):
    """The limits of an accommodation that is recorded already."""

    title = _("Limits of the working hours")
    success = _("The limits are saved.")

    class Meta:
        model = Accommodation
        fields = LIMITS

    def __init__(self, *args: Any, accommodation: Accommodation, **kwargs: Any) -> None:
        super().__init__(*args, instance=accommodation, course=accommodation.course, **kwargs)
        self.intro = accommodation.description

    def save(self, *, by: User, today: datetime.date) -> Accommodation:
        """Save the limits."""
        return actions.limit_accommodation(self.instance, self.limits, version=self.opened_version)


class EndAccommodationForm(VersionedFormMixin, CourseFormMixin, ModelForm[Accommodation]):
    """The last day of an accommodation."""

    title = _("The accommodation ends")
    success = _("The last day is saved.")

    until_on = DayField(label=_("Last day"), widget=DateInput)

    class Meta:
        model = Accommodation
        fields = ["until_on"]

    def __init__(self, *args: Any, accommodation: Accommodation, **kwargs: Any) -> None:
        super().__init__(*args, instance=accommodation, course=accommodation.course, **kwargs)
        self.intro = accommodation.description

    def save(self, *, by: User, today: datetime.date) -> Accommodation:
        """Record the last day."""
        return actions.end_accommodation(
            self.instance, until_on=self.cleaned_data["until_on"], version=self.opened_version
        )
