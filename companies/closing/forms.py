"""The forms of the closing assessment: the company's, also by phone, and the citizen's (D54)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.corrections import ReasonFormMixin
from cases.forms.course_form import CourseFormMixin
from cases.free_text import NO_NAMES
from companies.closing import actions
from companies.closing.actions import AssessedBy
from companies.links.placements import LinkedPlacement
from companies.models import CitizenAgreement, ClosingAssessment, ClosingOutcome, HiredAs, Placement
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField, HoursField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits


def comment_field(label: Any) -> forms.CharField:
    """Return the field of a comment."""
    return FreeTextField(
        label=label,
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=text_limits.REASON,
        required=False,
    )


class ClosingFieldsForm(OnceMixin, EditFormMixin, forms.Form):
    """How the placement ended, and how the citizen was hired."""

    submit = _("Send the assessment")

    outcome = forms.ChoiceField(
        label=_("How did it end?"), choices=ClosingOutcome.choices, widget=forms.RadioSelect
    )
    hired_as = forms.ChoiceField(
        label=_("If hired: how?"), choices=[("", "–"), *HiredAs.choices], required=False
    )
    hired_hours = HoursField(label=_("If hired: hours a week"), required=False)
    comment = comment_field(_("Anything else?"))

    def clean(self) -> dict[str, Any] | None:
        """Ask how somebody was hired; leave the fields out for any other outcome."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("outcome") != ClosingOutcome.HIRED:
            cleaned |= {"hired_as": "", "hired_hours": None}
        elif not cleaned.get("hired_as") and "hired_as" not in self.errors:
            self.add_error("hired_as", _("Say how the employee was hired."))
        return cleaned

    def content(self) -> dict[str, Any]:
        """Return what the assessment says."""
        values = {name: self.cleaned_data[name] for name in ("outcome", "hired_as", "comment")}
        return {**values, "hired_hours": self.cleaned_data["hired_hours"] or None}


class LinkClosingForm(ClosingFieldsForm):
    """The company's assessment by link."""

    def __init__(self, *args: Any, linked: LinkedPlacement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.linked = linked

    def save(self, *, by: None, today: datetime.date) -> ClosingAssessment:
        """Store the assessment."""
        contact = self.linked.contact
        return actions.assess(
            self.linked.engagement.placements[-1],
            self.content(),
            AssessedBy(contact.name, today, contact=contact),
            today=today,
            submission=self.submission,
        )


class PhoneClosingForm(ClosingFieldsForm, CourseFormMixin):
    """The company's assessment as it was said on the phone."""

    title = _("Closing assessment")
    submit = _("Save")
    success = _("The assessment is saved.")

    given_by_name = FreeTextField(label=_("Who said it?"), max_length=150)
    given_on = DayField(label=_("When was it said?"), widget=DateInput)

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, course=placement.course, **kwargs)
        self.placement = placement
        self.intro = f"{self.course.citizen_name}, {placement.company}"

    def save(self, *, by: User, today: datetime.date) -> ClosingAssessment:
        """Store the assessment."""
        name, on = self.cleaned_data["given_by_name"], self.cleaned_data["given_on"]
        given = AssessedBy(name, on, entered_by=by)
        return actions.assess(self.placement, self.content(), given, today=today, submission=self.submission)


class CorrectClosingForm(VersionedFormMixin, ReasonFormMixin, ClosingFieldsForm, CourseFormMixin):
    """Correct what the company said; the citizen is asked anew."""

    title = _("Correct the assessment")
    submit = _("Correct")
    success = _("The assessment is corrected. Ask the citizen anew.")

    def __init__(self, *args: Any, row: ClosingAssessment, **kwargs: Any) -> None:
        names = ("outcome", "hired_as", "hired_hours", "comment")
        initial = {name: getattr(row, name) for name in names}
        super().__init__(*args, course=row.course, version=row.version, initial=initial, **kwargs)
        self.row = row
        self.intro = f"{self.course.citizen_name}, {row.placement.company}"
        self.ask_reason(is_needed=True)

    def save(self, *, by: User, today: datetime.date) -> ClosingAssessment:
        """Correct the assessment."""
        return actions.correct_assessment(
            self.row, self.content(), by=by, reason=self.reason, version=self.opened_version
        )


class CitizensWordForm(VersionedFormMixin, EditFormMixin, forms.Form):
    """What the citizen says to the company's assessment."""

    title = _("The citizen's word on the assessment")
    submit = _("Save")
    success = _("The citizen's word is recorded.")

    citizen_answer = forms.ChoiceField(
        label=_("Do you agree?"), choices=CitizenAgreement.choices, widget=forms.RadioSelect
    )
    citizen_comment = comment_field(_("In the citizen's own words"))

    def __init__(self, *args: Any, row: ClosingAssessment, **kwargs: Any) -> None:
        super().__init__(*args, version=row.version, **kwargs)
        self.row = row

    def save(self, *, by: User | None, today: datetime.date) -> ClosingAssessment:
        """Store the citizen's word."""
        return actions.record_citizens_word(
            self.row,
            answer=self.cleaned_data["citizen_answer"],
            comment=self.cleaned_data["citizen_comment"],
            on=today,
            by=by,
            version=self.opened_version,
        )
