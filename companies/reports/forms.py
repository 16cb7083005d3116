"""The forms of a company's reports, and of the refusal of one (D48)."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.course_form import CourseFormMixin
from cases.free_text import NO_NAMES
from companies.forms.placement_changes import EndPlacementForm
from companies.links.placements import LinkedPlacement
from companies.models import Placement, PlacementReport, ReportedAbsence, ReportKind
from companies.reports import actions
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits


class ReportForm(OnceMixin, EditFormMixin, forms.Form):
    """Absence, or an early stop: what it is decides which fields count."""

    submit = _("Send to the jobcentre")

    kind = forms.ChoiceField(
        label=_("What do you report?"), choices=ReportKind.choices, widget=forms.RadioSelect
    )
    absence = forms.ChoiceField(
        label=_("Absence: why?"), choices=[("", "–"), *ReportedAbsence.choices], required=False
    )
    first_on = DayField(label=_("Absence: first day"), widget=DateInput, required=False)
    last_on = DayField(label=_("Last day (of the absence, or at work)"), widget=DateInput)
    reason = FreeTextField(
        label=_("What has happened?"),
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=text_limits.REASON,
        required=False,
    )

    def __init__(self, *args: Any, linked: LinkedPlacement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.linked = linked

    def clean(self) -> dict[str, Any] | None:
        """Ask for what the kind of report needs, and leave out what it does not have."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == ReportKind.ABSENCE:
            for name in ("absence", "first_on"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Fill this in for an absence."))
        elif cleaned.get("kind") == ReportKind.EARLY_STOP:
            cleaned |= {"absence": "", "first_on": None}
            if not cleaned.get("reason") and "reason" not in self.errors:
                self.add_error("reason", _("Write why it stops."))
        return cleaned

    def save(self, *, by: None, today: datetime.date) -> PlacementReport:
        """Store the report."""
        names = ("kind", "first_on", "last_on", "absence", "reason")
        return actions.report(
            self.linked.engagement.placement_on(today),
            {name: self.cleaned_data[name] for name in names},
            contact=self.linked.contact,
            today=today,
            submission=self.submission,
        )


class RefuseReportForm(VersionedFormMixin, CourseFormMixin, forms.Form):
    """Why a report is refused."""

    title = _("Refuse the report")
    submit = _("Refuse")
    success = _("The report is refused. Nothing of the placement has changed.")

    decision_reason = FreeTextField(
        label=_("Why is it refused?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=text_limits.REASON,
    )

    def __init__(self, *args: Any, row: PlacementReport, **kwargs: Any) -> None:
        super().__init__(*args, course=row.course, version=row.version, **kwargs)
        self.row = row

    def save(self, *, by: User, today: datetime.date) -> PlacementReport:
        """Refuse the report."""
        reason = self.cleaned_data["decision_reason"]
        return actions.refuse_report(self.row, reason=reason, by=by, version=self.opened_version)


class AcceptStopForm(EndPlacementForm):
    """Accept an early stop: the form of the last day, with the day and the words that were reported."""

    title = _("Accept the early stop")
    submit = _("Accept: record the last day")
    success = _("The report is accepted, and the last day is saved.")

    def __init__(self, *args: Any, row: PlacementReport, today: datetime.date, **kwargs: Any) -> None:
        longest = self.base_fields["end_note"].max_length  # type: ignore[attr-defined]  # a field with text
        initial = {
            "ended_on": row.last_on,
            "end_note": row.reason[:longest],
            "end_reported_by": row.reported_by_name,
        }
        super().__init__(*args, placement=row.placement, today=today, initial=initial, **kwargs)
        self.row = row

    def save_end(self, *, by: User, today: datetime.date, **end: Any) -> Placement:
        """Accept the report with the last day."""
        return actions.accept_stop(self.row, by=by, today=today, **end)
