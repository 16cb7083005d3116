"""Forms of a person's own reminders: putting one off, and preferences."""

import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from reminders import own_reminders
from reminders.models import DigestPreference, Snooze
from reminders.models.wishes import EARLIEST_HOUR, LATEST_HOUR
from reminders.wording import ReminderLine

WEEKDAY_NAMES = [
    (1, _("Monday")),
    (2, _("Tuesday")),
    (3, _("Wednesday")),
    (4, _("Thursday")),
    (5, _("Friday")),
]


class PutOffForm(OnceMixin, EditFormMixin, forms.Form):
    """Until when a reminder is put off, and why."""

    title = _("Put off a reminder")
    submit = _("Put off")

    until_on = DayField(label=_("Remind me again on"), widget=DateInput)
    reason = FreeTextField(
        label=_("Why"),
        max_length=200,
        help_text=_("The project leader sees the reason. Write no details of health."),
    )

    def __init__(self, *args: Any, line: ReminderLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self.intro = f"{line.about.full_name}: {line.label}"

    def save(self, *, by: User, today: datetime.date) -> Snooze:
        """Put the reminder off."""
        return own_reminders.put_off(
            self.line.facts,
            by=by,
            until_on=self.cleaned_data["until_on"],
            reason=self.cleaned_data["reason"],
            today=today,
            submission=self.submission,
        )

    def success_message(self, saved: Snooze) -> str:
        """Say until when."""
        return str(_("Put off until %(day)s.") % {"day": date_format(saved.until_on)})


class PreferenceForm(EditFormMixin, forms.Form):
    """When and how a person gets the digest."""

    title = _("How you are reminded")
    intro = _(
        "What the programme demands and is overdue comes by e-mail every working day all the same, and so "
        "does news such as a course you have taken over."
    )
    success = _("Your choice is saved.")

    by_mail = forms.TypedChoiceField(
        label=_("Reminders"),
        choices=[(True, _("By e-mail")), (False, _("Only here in JobFirst"))],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"), choices=WEEKDAY_NAMES, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    hour = forms.TypedChoiceField(
        label=_("Not before"),
        choices=[(hour, f"{hour}:00") for hour in range(EARLIEST_HOUR, LATEST_HOUR + 1)],
        coerce=int,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = DigestPreference.objects.filter(user=user).first() or DigestPreference()
        self.initial = {"by_mail": chosen.by_mail, "weekdays": chosen.weekdays, "hour": chosen.hour}

    def save(self, *, by: User, today: datetime.date) -> DigestPreference:
        """Store the choice."""
        return own_reminders.save_preference(by, **self.cleaned_data)
