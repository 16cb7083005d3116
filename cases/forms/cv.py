"""Forms of the CV: an entry of each part, what the print shows, and that it was seen through (D10, D18)."""

import datetime
from collections.abc import Iterable
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.models import Course, Cv, CvEntry, CvPart, CvReview, LanguageLevel
from jobfirst import mode
from jobfirst.kit.fields import DayField
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values.dates import EARLIEST, LATEST

PERIOD = ("from_month", "from_year", "until_month", "until_year", "is_current")
#: The fields that a part asks for.
FIELDS_OF_PART = {
    CvPart.EXPERIENCE: ("title", "place", *PERIOD, "description"),
    CvPart.EDUCATION: ("title", "place", *PERIOD, "description"),
    CvPart.TRAINING: ("title", "place", "from_month", "from_year", "description"),
    CvPart.LANGUAGE: ("title", "level"),
    CvPart.LICENCE: ("title", "from_month", "from_year"),
    CvPart.OTHER: ("title", "description"),
}
#: What a person writes freely: workplaces read it.
WRITTEN = ("title", "place", "description")
#: What the title is called in each part, with an example.
TITLES = {
    CvPart.EXPERIENCE: (_("What was the job?"), _("For example kitchen assistant. Voluntary work counts.")),
    CvPart.EDUCATION: (_("What was the education?"), _("Also one that was not finished.")),
    CvPart.TRAINING: (_("What was the course about?"), _("For example food hygiene or first aid.")),
    CvPart.LANGUAGE: (_("Language"), ""),
    CvPart.LICENCE: (_("What is it?"), _("For example driving licence B or forklift certificate B.")),
    CvPart.OTHER: (
        _("What is it?"),
        _("For example leisure interests, or something the citizen would like to try."),
    ),
}
PLACES = {
    CvPart.EXPERIENCE: _("Where?"),
    CvPart.EDUCATION: _("At which school?"),
    CvPart.TRAINING: _("Where?"),
}
DESCRIPTIONS = {
    CvPart.EXPERIENCE: (_("Tasks"), _("What did the days consist of? A few words are enough.")),
    CvPart.EDUCATION: (_("More about it"), ""),
    CvPart.TRAINING: (_("More about it"), ""),
    CvPart.OTHER: (_("More about it"), _("No health information: the CV is for workplaces.")),
}


def _month_choices() -> list[tuple[Any, Any]]:
    return [("", _("Month not known")), *MONTHS.items()]


def _month_field(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, choices=_month_choices, coerce=int, empty_value=None, required=False
    )


def _year_field(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        widget=DigitsInput(attrs={"maxlength": 4}),
        min_value=EARLIEST.year,
        max_value=LATEST.year,
        required=False,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Write the year with four digits, for example 2012.")
        ),
    )


class CvEntryFormMixin(CourseFormMixin, ModelForm[CvEntry]):
    """The fields of an entry that its part asks for."""

    success = _("The CV is saved.")
    keeps_draft = True
    hidden = ""  # the name of the hidden field, which is added later than the layout

    from_month = _month_field(_("From: month"))
    from_year = _year_field(_("From: year"))
    until_month = _month_field(_("Until: month"))
    until_year = _year_field(_("Until: year"))
    level = forms.ChoiceField(label=_("How well?"), choices=LanguageLevel.choices, widget=forms.RadioSelect)

    class Meta:
        model = CvEntry
        fields = ("title", "place", *PERIOD, "level", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}
        labels = {"is_current": _("It still goes on")}

    def __init__(self, *args: Any, instance: CvEntry, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        part = CvPart(instance.part)
        names = FIELDS_OF_PART[part]
        for name in self.Meta.fields:
            if name not in names:
                del self.fields[name]
        self._set_words(part)
        self.layout = self._with_days_in_rows(names)

    def _set_words(self, part: CvPart) -> None:
        """Set the labels and help texts of the part."""
        texts: dict[str, tuple[Any, Any]] = {
            "title": TITLES[part],
            "place": (PLACES.get(part, ""), ""),
            "description": DESCRIPTIONS.get(part, ("", "")),
        }
        for name, (label, help_text) in texts.items():
            if name in self.fields:
                self.fields[name].label = label
                self.fields[name].help_text = help_text
        if "from_year" in self.fields and "until_year" not in self.fields:
            self.fields["from_month"].label = gettext("Month")
            self.fields["from_year"].label = gettext("Year")

    def _with_days_in_rows(self, names: Iterable[str]) -> Layout:
        """Return the layout with each month beside its year, and the hidden field at the end."""
        rows = {
            "from_month": Div("from_month", "from_year", css_class="jf-row jf-month"),
            "until_month": Div("until_month", "until_year", css_class="jf-row jf-month"),
        }
        details = [rows.get(name, name) for name in names if not name.endswith("_year")]
        return Layout(*details, self.hidden)

    @property
    def entry_data(self) -> actions.CvEntryData:
        """The cleaned values; what the part does not ask for stays empty."""
        names = FIELDS_OF_PART[CvPart(self.instance.part)]
        return actions.CvEntryData(**{name: self.cleaned_data[name] for name in names})


class NewCvEntryForm(OnceMixin, CvEntryFormMixin):
    """Add an entry to a part of the CV."""

    title = _("Add to the CV")
    hidden = "submission"

    def save(self, *, by: User, today: datetime.date) -> CvEntry:
        """Add the entry."""
        return actions.add_cv_entry(
            self.course,
            CvPart(self.instance.part),
            self.entry_data,
            today=today,
            submission=self.submission,
        )


class CvEntryForm(VersionedFormMixin, CvEntryFormMixin):
    """Change an entry of the CV."""

    title = _("Change the CV")
    hidden = "version"

    def save(self, *, by: User, today: datetime.date) -> CvEntry:
        """Save the changed entry."""
        return actions.change_cv_entry(
            self.instance, self.entry_data, today=today, version=self.opened_version
        )


class CvContactForm(VersionedFormMixin, CourseFormMixin, ModelForm[Cv]):
    """Whether the printed CV shows the citizen's phone number and e-mail address."""

    title = _("On the printed CV")
    success = _("The CV is saved.")

    class Meta:
        model = Cv
        fields = ("shows_phone", "shows_email")
        labels = {"shows_phone": _("Show the phone number"), "shows_email": _("Show the e-mail address")}

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        instance = getattr(course, "cv", None) or Cv(course=course, version=0)
        super().__init__(*args, instance=instance, course=course, **kwargs)

    def save(self, *, by: User, today: datetime.date) -> Cv:
        """Save the choice."""
        return actions.choose_cv_contact(
            self.course,
            shows_phone=self.cleaned_data["shows_phone"],
            shows_email=self.cleaned_data["shows_email"],
            version=self.opened_version,
        )


class CvReviewForm(CourseFormMixin, forms.Form):
    """The CV was seen through with the citizen on a day (D18)."""

    title = _("The CV was seen through")
    success = _("It is recorded that the CV was seen through.")

    seen_on = DayField(label=_("Seen through with the citizen on"), widget=DateInput)

    def save(self, *, by: User, today: datetime.date) -> CvReview:
        """Record the day."""
        return actions.record_cv_review(
            self.course,
            seen_on=self.cleaned_data["seen_on"],
            by=by,
            not_after=mode.last_day_allowed(today),
        )
