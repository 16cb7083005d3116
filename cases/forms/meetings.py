"""Forms of the monthly meetings (D9, D18)."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.models import FollowUpMeeting
from jobfirst import mode
from jobfirst.kit.forms import DateInput, DateTimeInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


class BookMeetingForm(OnceMixin, CourseFormMixin, forms.Form):
    """Book a monthly meeting."""

    title = gettext_lazy("Book a monthly meeting")
    submit = gettext_lazy("Book")
    success = gettext_lazy("The meeting is booked.")

    planned_at = forms.DateTimeField(label=gettext_lazy("Day and time"), widget=DateTimeInput)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=150, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.intro = _(
            "%(name)s takes part in the meeting, with the course owner, the job consultant and the mentor."
        ) % {"name": self.course.citizen_name}

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Book the meeting."""
        return actions.book_meeting(
            self.course,
            planned_at=self.cleaned_data["planned_at"],
            place=self.cleaned_data["place"],
            by=by,
            submission=self.submission,
        )


class MoveMeetingForm(VersionedFormMixin, CourseFormMixin, ModelForm[FollowUpMeeting]):
    """Change the day, time or place of a booked meeting."""

    title = gettext_lazy("Move the meeting")
    success = gettext_lazy("The meeting is moved.")

    class Meta:
        model = FollowUpMeeting
        fields = ["planned_at", "place"]
        widgets = {"planned_at": DateTimeInput}
        labels = {"planned_at": gettext_lazy("Day and time"), "place": gettext_lazy("Place")}

    def __init__(self, *args: Any, instance: FollowUpMeeting, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Move the meeting."""
        return actions.move_meeting(
            self.instance,
            planned_at=self.cleaned_data["planned_at"],
            place=self.cleaned_data["place"],
            version=self.opened_version,
        )


class HoldMeetingForm(CourseFormMixin, forms.Form):
    """Record a meeting as held; refused without the citizen (D9)."""

    title = gettext_lazy("Record the meeting as held")
    submit = gettext_lazy("The meeting was held")
    success = gettext_lazy("The meeting is recorded as held.")

    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=DateInput)
    citizen_present = forms.BooleanField(
        label=gettext_lazy("The citizen took part"),
        required=False,
        help_text=gettext_lazy("A meeting without the citizen is not held: record it as missed instead."),
    )
    attendees = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Also present"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy("Progression, CV, job goal and work agreement."),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
    )

    def __init__(self, *args: Any, meeting: FollowUpMeeting, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, course=meeting.course, **kwargs)
        self.meeting = meeting
        holdings = meeting.course.holdings.in_force(today).stood_in(today)
        stand_ins = holdings.values("user__absences__stand_in")
        people = User.objects.filter(Q(holdings__course=meeting.course) | Q(pk__in=stand_ins))
        self.fields["attendees"].queryset = people.distinct().order_by("name")  # type: ignore[attr-defined]  # a field of a model

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Record the meeting as held."""
        return actions.hold_meeting(
            self.meeting,
            held_on=self.cleaned_data["held_on"],
            citizen_present=self.cleaned_data["citizen_present"],
            attendees=self.cleaned_data["attendees"],
            summary=self.cleaned_data["summary"],
            by=by,
            not_after=mode.last_day_allowed(today),
        )
