"""Forms that correct a placement, and take back its end or its withdrawal (D41)."""

import datetime
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions.corrections import REASON
from cases.forms.corrections import STALE_RESTORING, ReasonFormMixin, RowActMixin
from companies.actions.placement_corrections import (
    CorrectedPlacement,
    check_facts,
    correct_placement,
    take_back_end,
)
from companies.actions.withdrawals import may_stand_again_at_once, stand_again
from companies.forms.placements import PlacementFormMixin, WarnedOnceForm
from companies.forms.workplaces import NOT_KNOWN, WorkplaceFieldsMixin
from companies.models import Placement, PlacementKind, Workplace
from companies.presentation import reasonableness
from companies.presentation.placement_corrections import correction_consequences
from companies.presentation.placements import placement_in_words
from companies.presentation.successions import successor_warning
from jobfirst.kit.editing import errors_shown_in
from jobfirst.kit.fields import DayField, HoursField
from jobfirst.kit.forms import DateInput
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values.dates import DateSpan


class CorrectPlacementForm(
    VersionedFormMixin, ReasonFormMixin, WarnedOnceForm, PlacementFormMixin, WorkplaceFieldsMixin
):
    """Correct what a placement is; what follows is shown once, before it is saved."""

    title = _("Correct the placement")
    submit = _("Correct")
    success = _("The placement is corrected.")

    kind = forms.ChoiceField(label=_("Kind"), choices=PlacementKind.choices)
    starts_on = DayField(label=_("First day"), widget=DateInput)
    planned_end_on = DayField(
        label=_("Planned last day"),
        help_text=_("The actual last day is corrected on a page of its own."),
        widget=DateInput,
        required=False,
    )
    internship_hours = HoursField(label=_("Internship hours a week from the first day"), required=False)
    ordinary_hours = HoursField(label=_("Ordinary hours a week from the first day"), required=False)

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        workplace = placement.workplace
        initial = {
            "cvr": placement.company.cvr,
            "workplace": NOT_KNOWN if workplace is None else str(workplace.public_id),
            "kind": placement.kind,
            "starts_on": placement.starts_on,
            "planned_end_on": placement.planned_end_on,
            "internship_hours": placement.internship_hours,
            "ordinary_hours": placement.ordinary_hours,
        }
        super().__init__(*args, placement=placement, version=placement.version, initial=initial, **kwargs)
        self.ask_reason(is_needed=True)
        self.layout = Layout(
            "kind",
            "cvr",
            "company_name",
            "workplace",
            "p_number",
            "starts_on",
            "planned_end_on",
            "internship_hours",
            "ordinary_hours",
            REASON,
        )

    def _workplaces(self) -> dict[str, Workplace]:
        """Return the workplaces to choose from, that of the placement included even if it is closed."""
        workplaces = super()._workplaces()
        workplace = self.placement_workplace
        if workplace is not None and self.asked_company == workplace.company:
            workplaces.setdefault(str(workplace.public_id), workplace)
        return workplaces

    @property
    def placement_workplace(self) -> Workplace | None:
        """The workplace that the placement has now."""
        placement: Placement | None = getattr(self, "placement", None)
        return None if placement is None else placement.workplace

    def clean(self) -> dict[str, Any] | None:
        """Show what follows, and what is to be thought of, before it is saved."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["warned"] and self.known_company is not None:
            facts = self._facts(self._known_workplace())
            with errors_shown_in(self):
                check_facts(self.placement, facts)
                self.show_warnings(self._warnings(facts))
        return cleaned

    def _warnings(self, facts: CorrectedPlacement) -> list[str]:
        planned = reasonableness.PlannedPlacement(
            kind=PlacementKind(facts.kind),
            span=DateSpan(facts.starts_on, self.placement.ended_on or facts.planned_end_on),
            waived_few_hours=self.placement.waived_few_hours,
            waived_employment=self.placement.waived_employment,
            workplace=facts.workplace,
            employees=None,
        )
        warnings = list(correction_consequences(self.placement, facts))
        if facts.company != self.placement.company:
            taken_over = successor_warning(facts.company, facts.starts_on)
            warnings += [taken_over] if taken_over else []
            warnings += reasonableness.warnings(self.course, facts.company, planned)
        return warnings

    def _known_workplace(self) -> Workplace | None:
        """Return the workplace that was chosen, or whose P-number the company has already."""
        number = self.cleaned_data.get("p_number")
        if number and self.known_company is not None:
            return self.known_company.workplaces.filter(p_number=number).first()
        return self.workplaces.get(self.cleaned_data.get("workplace") or "")

    def _facts(self, workplace: Workplace | None) -> CorrectedPlacement:
        company = self.known_company
        assert company is not None
        typed = self.cleaned_data
        return CorrectedPlacement(
            company=company,
            workplace=workplace,
            kind=typed["kind"],
            starts_on=typed["starts_on"],
            planned_end_on=typed["planned_end_on"],
            internship_hours=typed["internship_hours"],
            ordinary_hours=typed["ordinary_hours"],
        )

    @transaction.atomic
    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Correct the placement; register a new company or workplace."""
        company = self.save_company()
        self.__dict__["known_company"] = company
        return correct_placement(
            self.placement,
            self._facts(self.save_workplace(company)),
            reason=self.reason,
            by=by,
            today=today,
            version=self.opened_version,
        )


class TakeBackEndForm(VersionedFormMixin, ReasonFormMixin, PlacementFormMixin, forms.Form):
    """Let a placement run again whose last day was recorded by mistake."""

    title = _("The last day was recorded by mistake")
    submit = _("Let it run on")
    success = _("The placement runs on. Renewals that were removed with the last day are made anew.")

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, placement=placement, version=placement.version, **kwargs)
        self.intro = placement_in_words(placement)
        self.ask_reason(is_needed=True)

    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Take the end back."""
        return take_back_end(self.placement, reason=self.reason, by=by, version=self.opened_version)


class StandAgainForm(RowActMixin, ReasonFormMixin, PlacementFormMixin, forms.Form):
    """Let a placement stand again that was withdrawn by mistake."""

    title = _("Withdrawn by mistake")
    submit = _("Let the placement stand again")
    success = _("The placement stands again.")
    stale_words = STALE_RESTORING

    def __init__(
        self, *args: Any, placement: Placement, user: User, today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, placement=placement, version=placement.version, **kwargs)
        self.intro = placement_in_words(placement)
        self.ask_reason(is_needed=not may_stand_again_at_once(placement, user, today))

    def act(self, *, by: User, today: datetime.date) -> Placement:
        """Let the placement stand again."""
        return stand_again(self.placement, by=by, today=today, reason=self.reason, version=self.version_seen)
