"""Forms of matches and placements."""

import datetime
from decimal import Decimal
from typing import Any, cast

from crispy_forms.layout import Layout
from django import forms
from django.db import transaction
from django.http import QueryDict
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.course_form import CourseFormMixin
from cases.free_text import without_cpr
from companies.actions import companies, matches
from companies.actions import placements as actions
from companies.forms.companies import CompanyFieldsMixin
from companies.models import Company, Match, Placement, PlacementKind
from companies.presentation import reasonableness
from companies.presentation.placements import placement_in_words
from companies.presentation.successions import successor_warning
from jobfirst import mode
from jobfirst.dates import DateSpan
from jobfirst.kit.editing import errors_shown_in
from jobfirst.kit.fields import HoursField
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin
from jobfirst.kit.layout import Folded
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import StaleError, VersionedFormMixin


class MatchForm(OnceMixin, CourseFormMixin, CompanyFieldsMixin):
    """The match between citizen and company (D14). That the company was taken over is warned of once."""

    title = _("Record a match")
    success = _("The match is recorded. The internship can be agreed.")

    matched_on = forms.DateField(label=_("Matched on"), widget=DateInput)
    job_function = forms.CharField(label=_("Job function"), max_length=150, required=False)
    why = forms.CharField(
        label=_("Why it is a match"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    warned = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ("cvr", "company_name", "matched_on", "job_function", "why")
    warnings: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any] | None:
        """Show the warning before the match is saved."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors or cleaned["warned"] or self.known_company is None:
            return cleaned
        taken_over = successor_warning(self.known_company, cleaned["matched_on"])
        if taken_over:
            self.warnings = (taken_over,)
            data = cast(QueryDict, self.data).copy()  # that of a request is immutable
            data["warned"] = "on"
            self.data = data
        return cleaned

    def is_valid(self) -> bool:
        """Whether the match can be saved: no errors, and no warning that has not been shown."""
        return super().is_valid() and not self.warnings

    @transaction.atomic
    def save(self, *, by: User, today: datetime.date) -> Match:
        """Record the match; register the company when it is new."""
        return matches.record_match(
            self.course,
            self.save_company(),
            matched_on=self.cleaned_data["matched_on"],
            job_function=self.cleaned_data["job_function"],
            why=self.cleaned_data["why"],
            by=by,
            submission=self.submission,
            not_after=mode.last_day_allowed(today),
        )


class PlacementForm(OnceMixin, CourseFormMixin, CompanyFieldsMixin):
    """Agree a placement (D13, D14, D20).

    Warnings are shown once (D24), and only for a placement that can be agreed: the first save with warnings
    shows them (`warnings`) and sets the hidden field `warned`; the next one saves.
    """

    title = _("New placement")
    success = _("The placement is agreed.")

    kind = forms.ChoiceField(label=_("Kind"), choices=PlacementKind.choices)
    p_number = forms.RegexField(
        r"^[0-9]{10}$",
        label=_("P-number"),
        help_text=_("Ten digits; may be left empty."),
        widget=DigitsInput(attrs={"maxlength": 10}),
        required=False,
        error_messages={"invalid": _("A P-number has ten digits.")},
    )
    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    planned_end_on = forms.DateField(
        label=_("Planned last day"),
        help_text=_("May be left empty for an employment."),
        widget=DateInput,
        required=False,
    )
    internship_hours = HoursField(label=_("Internship hours a week"), required=False)
    ordinary_hours = HoursField(label=_("Ordinary hours a week"), required=False)
    waived_few_hours = forms.BooleanField(
        label=_("The trial's waiver is used: few weekly hours, so the citizen is not counted"),
        required=False,
    )
    waived_employment = forms.BooleanField(
        label=_("The trial's waiver is used: the citizen is or was employed at the company"), required=False
    )
    warned = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        self.rare = Folded(
            _("P-number and the trial's waivers"), "p_number", "waived_few_hours", "waived_employment"
        )
        self.layout = Layout(
            "kind",
            "cvr",
            "company_name",
            "starts_on",
            "planned_end_on",
            "internship_hours",
            "ordinary_hours",
            self.rare,
        )

    def clean(self) -> dict[str, Any] | None:
        """Collect the warnings, to be shown before the placement is saved."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["warned"] and self.known_company:
            self._warn_of(self.known_company)
        return cleaned

    def _warn_of(self, company: Company) -> None:
        """Show the warnings, unless the placement cannot be agreed at all: then show why."""
        warnings = self._warnings(company)
        if not warnings:
            return
        with errors_shown_in(self):
            actions.check_placement(
                self.course,
                company,
                kind=self.cleaned_data["kind"],
                starts_on=self.cleaned_data["starts_on"],
                planned_end_on=self.cleaned_data["planned_end_on"],
            )
            self.warnings = warnings
            self.rare.is_open = True  # a waiver may be what answers the warning
            data = cast(QueryDict, self.data).copy()  # that of a request is immutable
            data["warned"] = "on"
            self.data = data

    def is_valid(self) -> bool:
        """Whether the placement can be saved: no errors, and no warning that has not been shown."""
        return super().is_valid() and not self.warnings

    def _warnings(self, company: Company) -> list[str]:
        """Return the warnings before the placement at a registered company is agreed."""
        placement = reasonableness.PlannedPlacement(
            kind=self.cleaned_data["kind"],
            span=DateSpan(self.cleaned_data["starts_on"], self.cleaned_data["planned_end_on"]),
            waived_few_hours=self.cleaned_data["waived_few_hours"],
            waived_employment=self.cleaned_data["waived_employment"],
        )
        warnings = reasonableness.warnings(self.course, company, placement)
        taken_over = successor_warning(company, self.cleaned_data["starts_on"])
        return [taken_over, *warnings] if taken_over else warnings

    @transaction.atomic
    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Save the placement; register the company and the workplace when they are new."""
        company = self.save_company()
        return actions.start_placement(
            self.course,
            company,
            kind=self.cleaned_data["kind"],
            starts_on=self.cleaned_data["starts_on"],
            planned_end_on=self.cleaned_data["planned_end_on"],
            workplace=companies.workplace_by_number(company, self.cleaned_data["p_number"]),
            internship_hours=self.cleaned_data["internship_hours"] or Decimal(0),
            ordinary_hours=self.cleaned_data["ordinary_hours"] or Decimal(0),
            waived_few_hours=self.cleaned_data["waived_few_hours"],
            waived_employment=self.cleaned_data["waived_employment"],
            submission=self.submission,
        )


class PlacementFormMixin(CourseFormMixin):
    """An edit form of one placement; its page names the citizen and the company."""

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, course=placement.course, **kwargs)
        self.placement = placement
        self.intro = f"{placement.course.citizen_name}, {placement.company}"


class RenewPlacementForm(OnceMixin, PlacementFormMixin, forms.Form):
    """Renew an internship (D14). The ordinary hours are asked for, and not filled in (D38)."""

    title = _("Renew the internship")
    success = _("The internship is renewed.")

    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    planned_end_on = forms.DateField(label=_("Planned last day"), widget=DateInput)
    internship_hours = HoursField(label=_("Internship hours a week"))
    ordinary_hours = HoursField(label=_("Ordinary hours a week now"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = {"hours": floatformat(self.placement.last_hours.ordinary, -2)}
        text = gettext("Until now %(hours)s hours. The aim is that they grow from one agreement to the next.")
        self.fields["ordinary_hours"].help_text = text % hours

    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Renew the internship."""
        return actions.renew_placement(
            self.placement,
            starts_on=self.cleaned_data["starts_on"],
            planned_end_on=self.cleaned_data["planned_end_on"],
            internship_hours=self.cleaned_data["internship_hours"],
            ordinary_hours=self.cleaned_data["ordinary_hours"],
            submission=self.submission,
        )


class ChangePlacementForm(VersionedFormMixin, PlacementFormMixin, ModelForm[Placement]):
    """Base of forms that change some fields of a placement."""

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, instance=placement, placement=placement, **kwargs)


class ChangeHoursForm(ChangePlacementForm):
    """Change the weekly hours of a placement from a day on (D20, D38)."""

    title = _("Weekly hours")
    success = _("The hours are saved.")

    from_on = forms.DateField(
        label=_("From"),
        widget=DateInput,
        help_text=_(
            "The hours hold from this day until they are changed again. Earlier hours stay as they were."
        ),
    )
    internship_hours = HoursField(label=_("Internship hours a week"))
    ordinary_hours = HoursField(label=_("Ordinary hours a week"))

    class Meta:
        model = Placement
        fields = ["internship_hours", "ordinary_hours"]

    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Save the hours; StaleError with the hours that somebody else has saved."""
        from_on = self.cleaned_data["from_on"]
        try:
            return actions.change_hours(
                self.placement,
                from_on=from_on,
                internship_hours=self.cleaned_data["internship_hours"],
                ordinary_hours=self.cleaned_data["ordinary_hours"],
                version=self.opened_version,
            )
        except StaleError as stale:
            raise StaleError(_as_on(cast(Placement, stale.current), from_on), stale.version) from stale


def _as_on(placement: Placement, day: datetime.date) -> Placement:
    """Return the unsaved placement with the hours of the day, to be shown beside what was typed."""
    hours = placement.hours_on(day)
    placement.internship_hours, placement.ordinary_hours = hours.internship, hours.ordinary
    placement.from_on = day  # type: ignore[attr-defined]  # named like the form's field
    return placement


class EndPlacementForm(ChangePlacementForm):
    """Record the last day of a placement; a day in the future is a planned end."""

    title = _("The last day")
    success = _("The last day is saved.")

    ended_on = forms.DateField(
        label=_("Last day"),
        widget=DateInput,
        help_text=_("The last day that the citizen is at work. A day ahead becomes the planned last day."),
    )

    class Meta:
        model = Placement
        fields = ["ended_on"]

    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Save the last day."""
        return actions.end_placement(
            self.placement,
            ended_on=self.cleaned_data["ended_on"],
            today=today,
            version=self.opened_version,
        )


class WithdrawPlacementForm(ChangePlacementForm):
    """Withdraw a placement that was entered in error, with the reason."""

    title = _("Entered in error: withdraw the placement")
    submit = _("Mark as entered in error")
    success = _("The placement is withdrawn. It counts nowhere, and can be entered anew.")

    withdrawn_reason = forms.CharField(
        label=_("Why is it withdrawn?"),
        help_text=_(
            "For example: the wrong citizen or first day, or the citizen never came. The reason is kept and "
            "shown on the course's page. If the citizen has been there, record the last day instead."
        ),
        max_length=500,
        validators=[without_cpr],
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Placement
        fields = ["withdrawn_reason"]

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, placement=placement, **kwargs)
        adjusted = gettext("What has been paid for it is adjusted.")
        self.intro = f"{placement_in_words(placement)} {adjusted}"

    def save(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the placement."""
        actions.withdraw_as_error(
            self.placement,
            reason=self.cleaned_data["withdrawn_reason"],
            by=by,
            today=today,
            version=self.opened_version,
        )
