"""The form of a week's attendance (D48)."""

import datetime
from typing import Any

from crispy_forms.layout import Layout, Row
from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.actions.corrections import REASON
from cases.forms.corrections import ReasonFormMixin, WithdrawRowForm
from cases.forms.course_form import CourseFormMixin
from companies.actions.attendance import is_slip_of_week, record_attendance, withdraw_attendance
from companies.models import AttendanceWeek
from companies.rules.attendance import AttendanceDays
from jobfirst.kit.days import short_date
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values.dates import DAY

DAY_CHOICES = [(number, str(number)) for number in range(8)]


class AttendanceForm(VersionedFormMixin, ReasonFormMixin, CourseFormMixin, ModelForm[AttendanceWeek]):
    """How many days of the week of each kind; five taps at most."""

    success = _("The attendance is recorded.")

    class Meta:
        model = AttendanceWeek
        fields = list(AttendanceWeek.DAYS)

    def __init__(self, *args: Any, instance: AttendanceWeek, user: User, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.placement.course, **kwargs)
        for name in AttendanceWeek.DAYS:
            label = self.fields[name].label
            self.fields[name] = forms.TypedChoiceField(label=label, choices=DAY_CHOICES, coerce=int)
        number = instance.monday.isocalendar().week
        self.title = gettext("Attendance, week %(number)s") % {"number": number}
        days = f"{short_date(instance.monday)}–{short_date(instance.monday + 6 * DAY)}"
        self.intro = f"{self.course.citizen_name}, {instance.placement.company}: {days}"
        self.ask_reason(is_needed=bool(instance.pk) and not is_slip_of_week(instance, user))
        self.layout = Layout(
            Row("present", "ill"),
            Row("agreed_absence", "other_absence"),
            "no_show",
            *([REASON] if REASON in self.fields else []),
            "version",
        )

    def save(self, *, by: User, today: datetime.date) -> AttendanceWeek:
        """Record the days."""
        days = AttendanceDays(**{name: self.cleaned_data[name] for name in AttendanceWeek.DAYS})
        return record_attendance(
            self.instance.placement,
            self.instance.monday,
            days,
            today=today,
            by=by,
            reason=self.reason,
            version=self.opened_version,
        )


class WithdrawAttendanceForm(WithdrawRowForm):
    """Withdraw the attendance of a week that was entered in error."""

    title = _("The attendance was entered in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the week."""
        withdraw_attendance(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)
