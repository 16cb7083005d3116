"""Forms that end a course, correct its end, and reopen it (D12, D41)."""

import datetime
from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases import actions, extension_points
from cases.extension_points import RunningThing
from cases.forms.course_form import CourseFormMixin
from cases.forms.referral_corrections import reason_field
from cases.models import Course, EndReason
from cases.rules.course_end import EndChoice, EndMode
from jobfirst import clock, mode
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits
from jobfirst.values.dates import DAY

#: How far ahead an end may be recorded; a later day is a typing error.
MOST_DAYS_AHEAD = 366
MODES = [
    (EndMode.WITH_COURSE.value, _("Ends with the course")),
    (EndMode.OWN_DAY.value, _("Ends on another day")),
    (EndMode.GOES_ON.value, _("Goes on")),
]


def last_day_of_an_end(today: datetime.date) -> datetime.date | None:
    """Return the last day that an end may be recorded for; None in a rehearsal."""
    last = mode.last_day_allowed(today)
    return None if last is None else last + MOST_DAYS_AHEAD * DAY


class EndFieldsForm(CourseFormMixin, forms.Form):
    """The day, reason and outcome of an end."""

    ended_on = DayField(
        label=_("Ended on"),
        widget=DateInput,
        help_text=_("The first day that is no longer part of the course. Until then the course runs."),
    )
    reason = forms.ChoiceField(
        label=_("Reason for ending"), choices=[("", _("Choose a reason")), *EndReason.choices]
    )
    outcome = FreeTextField(
        label=_("Outcome"),
        max_length=text_limits.NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )

    def end(self, today: datetime.date) -> dict[str, Any]:
        """Return the arguments that the actions on an end take."""
        names = ("ended_on", "reason", "outcome")
        fields = {name: self.cleaned_data[name] for name in names}
        return {
            **fields,
            "not_after": last_day_of_an_end(today),
            "submission": self.cleaned_data["submission"],
        }


class OtherEndError(Exception):
    """Another end of the course is recorded already: both are shown, not an error beside a field."""

    def __init__(self, course: Course) -> None:
        super().__init__("another end")
        self.course = course


#: A thing that runs, with the fields that ask what becomes of it.
RunningLine = tuple[RunningThing, BoundField | None, BoundField | None]


class RunningGroup(NamedTuple):
    """The things of one kind that run, each with its two fields; without fields it is only named."""

    title: "str | Promise"
    note: "str | Promise"
    lines: list[RunningLine]


class EndCourseForm(OnceMixin, EndFieldsForm):
    """End the course: what runs is listed, each thing with its own last day (D41)."""

    title = _("End the course")
    submit = _("End the course")
    success = _("The course has ended.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things = extension_points.still_running(self.course)
        for thing in self.things:
            if thing.is_chosen:
                self._add_thing(thing)

    def _add_thing(self, thing: RunningThing) -> None:
        unchosen = [] if thing.default else [("", _("Choose what happens"))]
        self.fields[f"mode-{thing.name}"] = forms.ChoiceField(
            label=thing.label,
            choices=[*unchosen, *MODES],
            initial=thing.default.value if thing.default else "",
            required=False,
        )
        self.fields[f"last-{thing.name}"] = DayField(
            label=gettext("Last day: %(thing)s") % {"thing": thing.label}, widget=DateInput, required=False
        )

    def running_groups(self) -> Iterator[RunningGroup]:
        """Yield what runs, by kind, with the fields."""
        for ending in extension_points.endings():
            things = [thing for thing in self.things if thing.code == ending.code]
            lines: list[RunningLine] = [
                (thing, self[f"mode-{thing.name}"], self[f"last-{thing.name}"])
                if thing.is_chosen
                else (thing, None, None)
                for thing in things
            ]
            if lines:
                yield RunningGroup(ending.title, ending.note, lines)

    def clean(self) -> dict[str, Any]:
        """Require what becomes of each placement, unless the citizen died, and a day where one is chosen."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for thing in self.things:
            if not thing.is_chosen:
                continue
            chosen = data.get(f"mode-{thing.name}")
            if not chosen and thing.default is None and data.get("reason") != EndReason.DIED:
                self.add_error(f"mode-{thing.name}", _("Say whether it ended with the course or goes on."))
            if chosen == EndMode.OWN_DAY and not data.get(f"last-{thing.name}"):
                self.add_error(f"last-{thing.name}", _("Write the last day."))
            ended_on = data.get("ended_on")
            if thing.default is None and chosen == EndMode.GOES_ON and ended_on and thing.first >= ended_on:
                text = _("It begins after the course has ended, so it does not take place.")
                self.add_error(f"mode-{thing.name}", text)
        return data

    def choices(self) -> dict[str, EndChoice]:
        """Return what was chosen, by the names of the things."""
        data, choices = self.cleaned_data, {}
        for thing in self.things:
            chosen = data.get(f"mode-{thing.name}") or thing.default
            if thing.is_chosen and chosen:
                choices[thing.name] = EndChoice(EndMode(chosen), data.get(f"last-{thing.name}"))
        return choices

    def save(self, *, by: User, today: datetime.date) -> Course:
        """End the course. OtherEndError when somebody else has."""
        try:
            return actions.end_course(self.course, choices=self.choices(), by=by, **self.end(today))
        except actions.AlreadyEnded as conflict:
            raise OtherEndError(conflict.course) from conflict

    def success_message(self, saved: Course) -> str:
        """Say until when the course runs when its end lies ahead."""
        if not saved.has_ended(clock.today()):
            return gettext("The end is saved. Until then the course runs.")
        return str(self.success)


class CorrectEndForm(OnceMixin, VersionedFormMixin, EndFieldsForm):
    """Correct the day, the reason or the outcome of an end (D41)."""

    title = _("Correct the end of the course")
    success = _("The end of the course is corrected.")

    correction_reason = reason_field(_("Why is the end corrected?"))

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        initial = {"ended_on": course.ended_on, "reason": course.end_reason, "outcome": course.outcome}
        super().__init__(*args, course=course, version=course.version, initial=initial, **kwargs)

    def save(self, *, by: User, today: datetime.date) -> Course:
        """Correct the end."""
        why = self.cleaned_data["correction_reason"]
        return actions.correct_end(
            self.course, why=why, by=by, version=self.opened_version, **self.end(today)
        )


class ReopenCourseForm(OnceMixin, VersionedFormMixin, CourseFormMixin, forms.Form):
    """Reopen a course that was ended by mistake (D41)."""

    title = _("Reopen the course")
    submit = _("Reopen the course")
    success = _("The course is open again, with what ended with it.")

    correction_reason = reason_field(_("Why is the course reopened?"))

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        super().__init__(*args, course=course, version=course.version, **kwargs)

    def save(self, *, by: User, today: datetime.date) -> list[str]:
        """Reopen the course; return what stays ended."""
        return actions.reopen_course(
            self.course,
            why=self.cleaned_data["correction_reason"],
            by=by,
            version=self.opened_version,
            submission=self.submission,
        )

    def success_message(self, saved: list[str]) -> str:
        """Name what has been changed since and therefore stays as it is."""
        if not saved:
            return str(self.success)
        words = gettext(
            "The course is open again. See to these yourself, they were changed since: %(names)s."
        )
        return words % {"names": "; ".join(saved)}
