"""Forms that change a placement: its hours, its end, its withdrawal, the employees' representative."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.corrections import ReasonFormMixin
from companies.actions import placements as actions
from companies.actions import withdrawals
from companies.actions.withdrawals import planned_renewals
from companies.forms.placements import PlacementFormMixin
from companies.models import EarlyEndReason, Placement
from companies.presentation.placements import placement_in_words
from companies.rules.placement_kinds import unfitting
from jobfirst.kit.fields import DayField, FreeTextField, HoursField
from jobfirst.kit.forms import DateInput
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import StaleError, VersionedFormMixin


class ChangePlacementForm(VersionedFormMixin, PlacementFormMixin, ModelForm[Placement]):
    """Base of forms that change some fields of a placement."""

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, instance=placement, placement=placement, **kwargs)


class ChangeHoursForm(ChangePlacementForm):
    """Change the weekly hours of a placement from a day on (D20, D38)."""

    title = _("Weekly hours")
    success = _("The hours are saved.")

    from_on = DayField(
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

    def __init__(self, *args: Any, placement: Placement, **kwargs: Any) -> None:
        super().__init__(*args, placement=placement, **kwargs)
        for name in unfitting(placement.kind, dict.fromkeys(self.fields, True)):
            if not getattr(placement, name):  # a file may have delivered hours that the kind has no field for
                del self.fields[name]

    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Save the hours; StaleError with the hours that somebody else has saved."""
        from_on = self.cleaned_data["from_on"]
        try:
            return actions.change_hours(
                self.placement,
                from_on=from_on,
                internship_hours=self.cleaned_data.get("internship_hours", Decimal(0)),
                ordinary_hours=self.cleaned_data.get("ordinary_hours", Decimal(0)),
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


class EndPlacementForm(ReasonFormMixin, ChangePlacementForm):
    """Record the last day of a placement, and how it ended; a day in the future is a planned end.

    Before the planned last day the reason is asked for, and the planned renewals are offered for removal.
    """

    title = _("The last day")
    success = _("The last day is saved.")

    ended_on = DayField(
        label=_("Last day"),
        widget=DateInput,
        help_text=_("The last day that the citizen is at work. A day ahead becomes the planned last day."),
    )
    end_reason = forms.ChoiceField(
        label=_("Why it ends before the planned last day"),
        choices=[("", _("As planned")), *EarlyEndReason.choices],
        required=False,
    )
    end_note = FreeTextField(
        label=_("What happened"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    end_reported_by = FreeTextField(
        label=_("Reported by"),
        help_text=_("For example the citizen, the contact person, the mentor."),
        max_length=150,
        required=False,
    )
    actual_hours = HoursField(
        label=_("Hours worked in all"),
        help_text=_("What was really worked from the first to the last day, if it is known."),
        required=False,
        empty=None,
        max_value=9999,
        max_digits=6,
    )

    class Meta:
        model = Placement
        fields = ["ended_on", "end_reason", "end_note", "end_reported_by", "actual_hours"]

    def __init__(self, *args: Any, placement: Placement, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, placement=placement, **kwargs)
        self.planned_end_on = placement.planned_end_on
        renewals = planned_renewals(placement, today)
        if renewals:
            self.fields["removes_renewals"] = removal_field(renewals)
        self.ask_reason(is_needed=placement.ended_on is not None)

    def clean(self) -> dict[str, Any] | None:
        """Require the reason of an end before the planned day, and words for a reason that is not listed."""
        cleaned = super().clean() or self.cleaned_data
        ended_on, reason = cleaned.get("ended_on"), cleaned.get("end_reason")
        is_early = ended_on is not None and self.planned_end_on is not None and ended_on < self.planned_end_on
        if is_early and not reason:
            self.add_error("end_reason", _("Choose why it ends before the planned last day."))
        if reason == EarlyEndReason.OTHER and not cleaned.get("end_note") and "end_note" not in self.errors:
            self.add_error("end_note", _("Write what happened."))
        return cleaned

    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Save the last day."""
        names = ("ended_on", "end_reason", "end_note", "end_reported_by", "actual_hours")
        return self.save_end(
            by=by,
            today=today,
            version=self.opened_version,
            removes_renewals=self.cleaned_data.get("removes_renewals", False),
            reason=self.reason,
            **{name: self.cleaned_data[name] for name in names},
        )

    def save_end(self, *, by: User, today: datetime.date, **end: Any) -> Placement:
        """Record the last day; `end` is what the form says of it."""
        return actions.end_placement(self.placement, by=by, today=today, **end)


class WithdrawPlacementForm(ChangePlacementForm):
    """Withdraw a placement that was entered in error, with the reason."""

    title = _("Entered in error: withdraw the placement")
    submit = _("Mark as entered in error")
    success = _("The placement is withdrawn. It counts nowhere, and can be entered anew.")

    withdrawn_reason = FreeTextField(
        label=_("Why is it withdrawn?"),
        help_text=_(
            "For example: the wrong citizen or first day. The reason is kept and shown on the course's page. "
            "If the citizen has been there, record the last day instead."
        ),
        max_length=500,
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
        withdrawals.withdraw_as_error(
            self.placement,
            reason=self.cleaned_data["withdrawn_reason"],
            by=by,
            version=self.opened_version,
        )


class NoShowForm(ChangePlacementForm):
    """Record that the citizen never came: the placement is withdrawn, and counts nowhere."""

    title = _("The citizen never came")
    submit = _("The citizen never came")
    success = _("It is recorded that the citizen never came. You can undo it today.")

    withdrawn_reason = FreeTextField(
        label=_("What is known about it?"),
        help_text=_("For example: ill from the first day, did not want to, nobody had told the citizen."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = Placement
        fields = ["withdrawn_reason"]

    def __init__(self, *args: Any, placement: Placement, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, placement=placement, **kwargs)
        note = gettext("It counts nowhere, and what has been paid for it is adjusted.")
        self.intro = f"{placement_in_words(placement)} {note}"
        renewals = planned_renewals(placement, today)
        if renewals:
            self.fields["removes_renewals"] = removal_field(renewals)

    def save(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the placement as a no-show."""
        withdrawals.withdraw_as_no_show(
            self.placement,
            reason=self.cleaned_data["withdrawn_reason"],
            by=by,
            today=today,
            version=self.opened_version,
            removes_renewals=self.cleaned_data.get("removes_renewals", False),
        )


def removal_field(renewals: Sequence[Placement]) -> forms.BooleanField:
    """Return the checkbox that removes the renewals that have not begun."""
    days = ", ".join(
        f"{date_format(renewal.starts_on)} – {date_format(renewal.span.last_day)}" for renewal in renewals
    )
    return forms.BooleanField(
        label=gettext("Also remove the planned renewal: %(days)s") % {"days": days},
        initial=True,
        required=False,
    )


class RepresentativeForm(ChangePlacementForm):
    """The employees' representative who confirms that the reasonableness requirement is kept (D24)."""

    title = _("Employee representative")
    success = _("The employee representative is saved.")

    representative_name = FreeTextField(label=_("Name of the employee representative"), max_length=150)
    representative_confirmed_on = DayField(
        label=_("Confirmed on"),
        help_text=_("The day on which the representative confirmed that the placement is in order."),
        widget=DateInput,
        required=False,
    )

    class Meta:
        model = Placement
        fields = ["representative_name", "representative_confirmed_on"]

    def save(self, *, by: User, today: datetime.date) -> Placement:
        """Save the name and the confirmation."""
        return actions.record_representative(
            self.placement,
            name=self.cleaned_data["representative_name"],
            confirmed_on=self.cleaned_data["representative_confirmed_on"],
            by=by,
            version=self.opened_version,
        )
