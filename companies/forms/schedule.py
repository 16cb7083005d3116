"""The weekly schedule of a work agreement: a form for each weekday, and the same hours for several days."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from cases.presentation.work_limits import clock_in_words
from companies.models import WEEKDAYS, HoursKind
from companies.rules.weekly_schedule import WorkPeriod, clashes, is_credible
from jobfirst.kit.fields import ClockField
from jobfirst.kit.model_forms import BaseFormSet

#: The fields of a day: two periods of each kind.
FIRST, SECOND = "", "_2"
PERIODS = tuple((kind, number) for number in (FIRST, SECOND) for kind in HoursKind.values)
FIELDS = tuple(f"{kind}_{end}{number}" for kind, number in PERIODS for end in ("from", "to"))
#: The working days, which "the same hours" fills in unless others are ticked.
WORKING_DAYS = ("1", "2", "3", "4", "5")


class PeriodsForm(forms.Form):
    """The first period of each kind, internship and ordinary hours apart: of the `kinds` that the placement
    has."""

    internship_from = ClockField(label=_("Internship from"), required=False)
    internship_to = ClockField(is_end=True, label=_("Internship to"), required=False)
    ordinary_from = ClockField(label=_("Ordinary hours from"), required=False)
    ordinary_to = ClockField(is_end=True, label=_("Ordinary hours to"), required=False)

    def __init__(self, *args: Any, kinds: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unfitting = [name for name in FIELDS if name in self.fields and name.split("_")[0] not in kinds]
        for name in self.unfitting:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Refuse hours of a kind that the placement does not have."""
        cleaned = super().clean() or self.cleaned_data
        if any(self.data.get(self.add_prefix(name)) for name in self.unfitting):
            self.add_error(None, _("This kind of placement has no such hours."))
        return cleaned


class ScheduleDayForm(PeriodsForm):
    """The hours of one weekday; a second period of each kind for a day with a break in it."""

    internship_from_2 = ClockField(label=_("Internship from, second time"), required=False)
    internship_to_2 = ClockField(is_end=True, label=_("Internship to, second time"), required=False)
    ordinary_from_2 = ClockField(label=_("Ordinary hours from, second time"), required=False)
    ordinary_to_2 = ClockField(is_end=True, label=_("Ordinary hours to, second time"), required=False)

    def clean(self) -> dict[str, Any]:
        """Require both ends of a period, and a length that can be meant; no two periods at once."""
        cleaned = super().clean()
        for kind, number in PERIODS:
            self._check_period(f"{kind}_from{number}", f"{kind}_to{number}")
        if not self.errors and clashes(self.lines(1)):
            self.add_error(None, _("Two periods overlap on this day."))
        return cleaned

    def _check_period(self, first_name: str, last_name: str) -> None:
        if first_name in self.errors or last_name in self.errors:
            return
        first, last = self.cleaned_data.get(first_name), self.cleaned_data.get(last_name)
        if (first is None) != (last is None):
            self.add_error(first_name if first is None else last_name, _("Write both from and to."))
        elif first is not None and last is not None and not is_credible(WorkPeriod(1, first, last, "")):
            text = _("The working day must end after it starts, at most thirteen hours later.")
            self.add_error(last_name, text)

    def lines(self, weekday: int) -> list[WorkPeriod]:
        """The periods of the day, in order."""
        periods = []
        for kind, number in PERIODS:
            first = self.cleaned_data.get(f"{kind}_from{number}")
            last = self.cleaned_data.get(f"{kind}_to{number}")
            if first is not None and last is not None:
                periods.append(WorkPeriod(weekday, first, last, kind))
        return sorted(periods)

    @property
    def first_periods(self) -> list[forms.BoundField]:
        """The fields of the first period of each kind."""
        return [self[name] for name in FIELDS if name in self.fields and not name.endswith(SECOND)]

    @property
    def second_periods(self) -> list[forms.BoundField]:
        """The fields of the second period of each kind, folded away until they are used."""
        return [self[name] for name in FIELDS if name in self.fields and name.endswith(SECOND)]

    @property
    def has_second_period(self) -> bool:
        """Whether a second period has a value or an error."""
        return any(field.value() or field.errors for field in self.second_periods)

    @property
    def in_words(self) -> str:
        """The hours of the day as typed or stored: `08.30–12.00, 12.30–14.00`; empty without any."""
        periods = [
            (self[f"{kind}_from{number}"].value(), self[f"{kind}_to{number}"].value())
            for kind, number in PERIODS
            if f"{kind}_from{number}" in self.fields
        ]
        written = [(_clock(first), _clock(last)) for first, last in periods if first and last]
        return ", ".join(f"{first}–{last}" for first, last in sorted(written))

    @property
    def is_used(self) -> bool:
        """Whether the day has hours or an error."""
        return bool(self.errors) or any(field.value() for field in self.visible_fields())


def _clock(value: datetime.time | str) -> str:
    """Return a time as stored, or as the browser sends it, in words."""
    return clock_in_words(value) if isinstance(value, datetime.time) else str(value).replace(":", ".")


class SameHoursForm(PeriodsForm):
    """The same hours for several days in one step. Nothing of it is saved: it fills in the days."""

    weekdays = forms.MultipleChoiceField(
        label=_("Days"),
        choices=[(str(weekday), name) for weekday, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=WORKING_DAYS,
        required=False,
    )
    #: The button that fills in the days; its name is looked for in what was sent.
    BUTTON = "fill_days"


class BaseScheduleFormSet(BaseFormSet[ScheduleDayForm]):
    """A week: one form per weekday."""

    def clean(self) -> None:
        """Refuse periods that overlap across midnight, also from Sunday to Monday."""
        if any(self.errors):
            return
        for weekday in clashes(self.lines()):
            self.forms[weekday - 1].add_error(
                None, _("The day before lasts into this day: two periods overlap.")
            )

    @cached_property
    def days(self) -> list[tuple[str | Promise, ScheduleDayForm]]:
        """The names of the weekdays with their forms."""
        return list(zip(WEEKDAYS.values(), self.forms, strict=False))

    @property
    def is_weekend_used(self) -> bool:
        """Whether Saturday or Sunday has hours or an error."""
        return any(form.is_used for _name, form in self.days[5:])

    def lines(self) -> list[WorkPeriod]:
        """The periods of the whole week."""
        return [line for number, form in enumerate(self.forms, start=1) for line in form.lines(number)]


ScheduleFormSet = forms.formset_factory(
    ScheduleDayForm,
    formset=BaseScheduleFormSet,
    extra=0,
    min_num=7,
    max_num=7,
    absolute_max=7,
    validate_min=True,
    validate_max=True,
)


def schedule_initial(lines: Iterable[WorkPeriod]) -> list[dict[str, datetime.time]]:
    """Return the initial values of a week's forms; a third period of one kind joins the second."""
    days: list[dict[str, datetime.time]] = [{} for _day in WEEKDAYS]
    for line in sorted(lines):
        day = days[line.weekday - 1]
        number = FIRST if f"{line.kind}_from" not in day else SECOND
        day.setdefault(f"{line.kind}_from{number}", line.starts_at)
        day[f"{line.kind}_to{number}"] = line.ends_at
    return days


def filled_days(data: Mapping[str, Any], same: SameHoursForm, *, prefix: str) -> list[dict[str, Any]]:
    """Return the initial values of a week as typed, with the same hours in the days that are ticked.

    A kind whose hours are left empty stays as it was typed; nothing is filled in while `same` has an error.
    """
    days: list[dict[str, Any]] = [
        {name: data.get(f"{prefix}-{number}-{name}", "") for name in FIELDS}
        for number in range(len(WEEKDAYS))
    ]
    for weekday in same.cleaned_data["weekdays"] if same.is_valid() else ():
        days[int(weekday) - 1].update(_same_hours(same))
    return days


def _same_hours(same: SameHoursForm) -> Iterator[tuple[str, datetime.time]]:
    for name in PeriodsForm.base_fields:
        if same.cleaned_data.get(name) is not None:
            yield name, same.cleaned_data[name]
