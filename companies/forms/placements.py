"""Forms of matches and placements."""

import datetime
from collections.abc import Sequence
from typing import Any, cast

from crispy_forms.layout import HTML, Layout
from django import forms
from django.db import transaction
from django.http import QueryDict
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.course_form import CourseFormMixin
from companies.actions import companies, matches
from companies.actions import placements as actions
from companies.actions.renewals import renew_placement
from companies.forms.companies import CompanyFieldsMixin
from companies.forms.matches import MatchFieldsMixin
from companies.forms.workplaces import WorkplaceFieldsMixin
from companies.merging.lookup import company_by_cvr
from companies.models import Company, Match, Placement, PlacementKind, Workplace
from companies.presentation import reasonableness
from companies.presentation.successions import successor_warning
from companies.rules.placement_kinds import (
    FIELDS_OF_KIND,
    OPEN_ENDED_KINDS,
    WAIVERS,
    has_field,
    unfitting,
)
from companies.rules.reasonableness import COUNTING_KINDS
from companies.search import CVR_DIGITS
from jobfirst import mode
from jobfirst.kit.editing import errors_shown_in
from jobfirst.kit.fields import DayField, FreeTextField, HoursField
from jobfirst.kit.forms import DateInput, DigitsInput, OnceMixin
from jobfirst.kit.layout import Folded
from jobfirst.values.dates import DateSpan

#: Shows the fields of the kind that was chosen: by htmx at once, without scripts by the button.
SHOW_FIELDS = "{% include 'companies/_show_fields.html' %}"


class WarnedOnceForm(forms.Form):
    """A form whose warnings are shown once: the first save with warnings shows them and sets the hidden field
    `warned`; the next one saves."""

    warned = forms.BooleanField(required=False, widget=forms.HiddenInput)

    warnings: Sequence[str] = ()

    def show_warnings(self, warnings: Sequence[str]) -> None:
        """Show the warnings instead of saving; the next save ignores them."""
        self.warnings = warnings
        data = cast(QueryDict, self.data).copy()  # that of a request is immutable
        data["warned"] = "on"
        self.data = data

    def is_valid(self) -> bool:
        """Whether it can be saved: no errors, and no warning that has not been shown."""
        return super().is_valid() and not self.warnings


class MatchForm(OnceMixin, WarnedOnceForm, CourseFormMixin, MatchFieldsMixin, CompanyFieldsMixin):
    """The match between citizen and company (D14). That the company was taken over is warned of once."""

    title = _("Record a match")
    success = _("The match is recorded. The internship can be agreed.")

    field_order = ("cvr", "company_name", "matched_on", "job_function", "why")

    def clean(self) -> dict[str, Any] | None:
        """Show the warning before the match is saved."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors or cleaned["warned"] or self.known_company is None:
            return cleaned
        taken_over = successor_warning(self.known_company, cleaned["matched_on"])
        if taken_over:
            self.show_warnings([taken_over])
        return cleaned

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


#: The heading of the form by kind.
TITLES = {
    PlacementKind.SNIFFING: _("New sniffing internship"),
    PlacementKind.INTERNSHIP: _("New internship"),
    PlacementKind.WAGE_SUBSIDY: _("New wage subsidy"),
    PlacementKind.ORDINARY_EMPLOYMENT: _("New employment"),
    PlacementKind.FLEX_JOB: _("New flex job"),
}


class PlacementForm(OnceMixin, WarnedOnceForm, CourseFormMixin, WorkplaceFieldsMixin):
    """Agree a placement (D13, D14, D20), with the fields that fit its kind.

    Warnings are shown once (D24), and only for a placement that can be agreed.
    """

    success = _("The placement is agreed.")
    #: The button that shows the fields of another kind; its name is looked for in what was sent.
    OTHER_KIND = "other_kind"

    kind = forms.ChoiceField(label=_("Kind"), choices=PlacementKind.choices)
    starts_on = DayField(label=_("First day"), widget=DateInput)
    planned_end_on = DayField(label=_("Planned last day"), widget=DateInput, required=False)
    internship_hours = HoursField(label=_("Internship hours a week"), required=False)
    ordinary_hours = HoursField(label=_("Ordinary hours a week"), required=False)
    ordinary_employees = forms.IntegerField(
        label=_("Ordinary employees"),
        help_text=_(
            "Not known yet: of the workplace, or of the company when no workplace is named. Decides how many "
            "may be in internship or wage subsidy at once."
        ),
        min_value=0,
        max_value=1_000_000,
        widget=DigitsInput,
        required=False,
    )
    waived_few_hours = forms.BooleanField(
        label=_("The trial's waiver is used: few weekly hours, so the citizen is not counted"),
        required=False,
    )
    waived_employment = forms.BooleanField(
        label=_("The trial's waiver is used: the citizen is or was employed at the company"), required=False
    )
    waiver_reason = FreeTextField(label=_("Why is the waiver used?"), max_length=500, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.placement_kind = PlacementKind(kind)
        self.title = TITLES[self.placement_kind]
        self.fields["kind"].initial = kind
        for name in unfitting(kind, dict.fromkeys(self.fields, True)):
            del self.fields[name]
        if not self._asks_for_employees():
            del self.fields["ordinary_employees"]
        if kind in OPEN_ENDED_KINDS:
            self.fields["planned_end_on"].help_text = _("May be left empty for an employment.")
        self.rare = Folded(self._words_of_rare(), *self._present("p_number", *WAIVERS, "waiver_reason"))
        self.layout = Layout(
            "kind",
            HTML(SHOW_FIELDS),
            "cvr",
            "company_name",
            "workplace",
            *self._present("starts_on", "planned_end_on", "internship_hours", "ordinary_hours"),
            *self._present("ordinary_employees"),
            self.rare,
        )

    def _present(self, *names: str) -> list[str]:
        return [name for name in names if name in self.fields]

    def _words_of_rare(self) -> Any:
        has_waivers = has_field(self.placement_kind, "waiver_reason")
        return _("P-number and the trial's waivers") if has_waivers else _("P-number")

    def _asks_for_employees(self) -> bool:
        """Whether the number of ordinary employees matters for this kind and is not known.

        It is asked for while the company's, or that of one of its workplaces, is missing.
        """
        number = "".join(str(self["cvr"].value() or "").split())
        if len(number) != CVR_DIGITS or self.placement_kind not in COUNTING_KINDS:
            return False
        company = company_by_cvr(number)
        if company is None or company.ordinary_employees is None:
            return True
        numbers = [workplace.ordinary_employees for workplace in self.workplaces.values()]
        return len(numbers) > 1 and None in numbers

    def clean(self) -> dict[str, Any] | None:
        """Require why a waiver is used; collect the warnings, to be shown before the placement is saved."""
        cleaned = super().clean() or self.cleaned_data
        is_waived = any(cleaned.get(waiver) for waiver in WAIVERS)
        if is_waived and not cleaned.get("waiver_reason") and "waiver_reason" not in self.errors:
            self.add_error("waiver_reason", _("Write why the trial's waiver is used."))
        if not self.errors and not cleaned["warned"] and self.known_company:
            self._warn_of(self.known_company)
        return cleaned

    def _warn_of(self, company: Company) -> None:
        """Show the warnings, unless the placement cannot be agreed at all: then show why."""
        warnings = reasonableness.warnings(self.course, company, self._planned())
        taken_over = successor_warning(company, self.cleaned_data["starts_on"])
        if taken_over:
            warnings = [taken_over, *warnings]
        if not warnings:
            return
        with errors_shown_in(self):
            actions.check_placement(
                self.course,
                company,
                kind=self.placement_kind,
                starts_on=self.cleaned_data["starts_on"],
                planned_end_on=self.cleaned_data["planned_end_on"],
                workplace=self._known_workplace(),
            )
            self.show_warnings(warnings)
            self.rare.is_open = True  # a waiver may be what answers the warning

    def _planned(self) -> reasonableness.PlannedPlacement:
        return reasonableness.PlannedPlacement(
            kind=self.placement_kind,
            span=DateSpan(self.cleaned_data["starts_on"], self.cleaned_data["planned_end_on"]),
            waived_few_hours=self.cleaned_data.get("waived_few_hours", False),
            waived_employment=self.cleaned_data.get("waived_employment", False),
            workplace=self._known_workplace(),
            employees=self.cleaned_data.get("ordinary_employees"),
        )

    def _known_workplace(self) -> Workplace | None:
        """Return the workplace that was chosen, or whose P-number was typed if the company has it already."""
        number = self.cleaned_data.get("p_number")
        if not number:
            return self.workplaces.get(self.cleaned_data.get("workplace") or "")
        company = self.known_company
        return None if company is None else company.workplaces.filter(p_number=number).first()

    @transaction.atomic
    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Save the placement; register a new company, and the number of employees where it belongs (D24)."""
        company = self.save_company()
        workplace = self.save_workplace(company)
        employees = self.cleaned_data.get("ordinary_employees")
        if employees is not None and workplace is not None:
            workplace = companies.save_workplace(company, {"ordinary_employees": employees}, workplace)
        elif employees is not None:
            company = companies.save_company(company.cvr, ordinary_employees=employees)
        terms = {
            name: self.cleaned_data[name] for name in self._present(*FIELDS_OF_KIND[self.placement_kind])
        }
        return actions.start_placement(
            self.course,
            company,
            kind=self.placement_kind,
            starts_on=self.cleaned_data["starts_on"],
            workplace=workplace,
            by=by,
            submission=self.submission,
            **terms,
        )


class PlacementFormMixin(CourseFormMixin):
    """An edit form of one placement; its page names the citizen and the company."""

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, course=placement.course, **kwargs)
        self.placement = placement
        self.intro = f"{placement.course.citizen_name}, {placement.company}"


class RenewPlacementForm(OnceMixin, WarnedOnceForm, PlacementFormMixin):
    """Renew an internship (D14). The ordinary hours are asked for, and not filled in (D38).

    That the company was taken over is warned of once.
    """

    title = _("Renew the internship")
    success = _("The internship is renewed. Its work agreement begins with what held last.")

    starts_on = DayField(label=_("First day"), widget=DateInput)
    planned_end_on = DayField(label=_("Planned last day"), widget=DateInput)
    internship_hours = HoursField(label=_("Internship hours a week"))
    ordinary_hours = HoursField(label=_("Ordinary hours a week now"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hours = {"hours": floatformat(self.placement.last_hours.ordinary, -2)}
        text = gettext("Until now %(hours)s hours. The aim is that they grow from one agreement to the next.")
        self.fields["ordinary_hours"].help_text = text % hours

    def clean(self) -> dict[str, Any]:
        """Show the warning before the renewal is saved."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["warned"]:
            taken_over = successor_warning(self.placement.company, cleaned["starts_on"])
            if taken_over:
                self.show_warnings([taken_over])
        return cleaned

    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Renew the internship."""
        return renew_placement(
            self.placement,
            starts_on=self.cleaned_data["starts_on"],
            planned_end_on=self.cleaned_data["planned_end_on"],
            internship_hours=self.cleaned_data["internship_hours"],
            ordinary_hours=self.cleaned_data["ordinary_hours"],
            today=today,
            by=by,
            submission=self.submission,
        )
