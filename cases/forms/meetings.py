"""Forms of the monthly meetings (D9, D18)."""

import datetime
from typing import Any

from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases import actions
from cases.forms.course_form import CourseFormMixin
from cases.forms.people_field import PeopleField, offer
from cases.models import Course, FollowUpMeeting
from cases.policy import STAFF_ROLES
from cases.presentation.team import team_of
from jobfirst import mode
from jobfirst.kit.forms import DateInput, DateTimeInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin


class ParticipantsMixin(forms.BaseForm):
    """For a form with the staff who are invited to a meeting: of the team, and others of the project."""

    def offer_people(self, course: Course, on: datetime.date) -> None:
        """Fill the choices of both fields; the citizen is always invited and is no choice."""
        team = team_of(course, on)
        staff = User.objects.filter(
            memberships__project=course.project_id, memberships__role__in=STAFF_ROLES, is_active=True
        )
        others = staff.exclude(pk__in=team.order_by().values("pk")).distinct().order_by("name", "pk")
        offer(self, "invited", team, course, on)
        self.fields["others"].queryset = others  # type: ignore[attr-defined]  # a field of a model
        if not others.exists():
            del self.fields["others"]

    @property
    def people(self) -> list[User]:
        """The staff chosen in both fields."""
        return [*self.cleaned_data["invited"], *self.cleaned_data.get("others", ())]


def invited_field() -> PeopleField:
    """Return the field of the team's people."""
    return PeopleField(
        label=gettext_lazy("Invited of the team"),
        help_text=gettext_lazy("They get an invitation for their calendar. The citizen always takes part."),
    )


def others_field() -> "forms.ModelMultipleChoiceField[User]":
    """Return the field of the other people of the project."""
    return forms.ModelMultipleChoiceField(
        label=gettext_lazy("Others of the project"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
    )


class BookMeetingForm(OnceMixin, ParticipantsMixin, CourseFormMixin, forms.Form):
    """Book a monthly meeting."""

    title = gettext_lazy("Book a monthly meeting")
    submit = gettext_lazy("Book")
    success = gettext_lazy("The meeting is booked.")

    planned_at = forms.DateTimeField(label=gettext_lazy("Day and time"), widget=DateTimeInput)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=150, required=False)
    invited = invited_field()
    others = others_field()

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_people(self.course, today)
        self.initial.setdefault("invited", team_of(self.course, today))
        self.intro = _(
            "%(name)s takes part in the meeting, with the course owner, the job consultant and the mentor."
        ) % {"name": self.course.citizen_name}

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Book the meeting."""
        return actions.book_meeting(
            self.course,
            planned_at=self.cleaned_data["planned_at"],
            place=self.cleaned_data["place"],
            invited=self.people,
            by=by,
            submission=self.submission,
        )


class MoveMeetingForm(VersionedFormMixin, ParticipantsMixin, CourseFormMixin, ModelForm[FollowUpMeeting]):
    """Change the day, time, place or participants of a booked meeting."""

    title = gettext_lazy("Move the meeting")
    success = gettext_lazy("The meeting is moved.")

    invited = invited_field()
    others = others_field()

    class Meta:
        model = FollowUpMeeting
        fields = ["planned_at", "place"]
        widgets = {"planned_at": DateTimeInput}
        labels = {"planned_at": gettext_lazy("Day and time"), "place": gettext_lazy("Place")}

    def __init__(self, *args: Any, instance: FollowUpMeeting, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)
        self.offer_people(self.course, today)
        people = list(instance.invited.all())
        # Each field shows those that it offers.
        self.initial = {**self.initial, "invited": people, "others": people}

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Move the meeting."""
        return actions.move_meeting(
            self.instance,
            planned_at=self.cleaned_data["planned_at"],
            place=self.cleaned_data["place"],
            invited=self.people,
            version=self.opened_version,
        )


def _likely_day(meeting: FollowUpMeeting, today: datetime.date) -> datetime.date:
    """Return the day on which the meeting was probably held: the planned one, unless that lies ahead."""
    day = timezone.localdate(meeting.planned_at) if meeting.planned_at else today
    last_day = mode.last_day_allowed(today)
    return day if last_day is None else min(day, last_day)


def possible_attendees(meeting: FollowUpMeeting, today: datetime.date) -> "models.QuerySet[User]":
    """Return the staff who may have come: who had or has a function, was invited, or is noted as present."""
    people = User.objects.filter(
        Q(holdings__course=meeting.course)
        | Q(pk__in=team_of(meeting.course, today).order_by().values("pk"))
        | Q(pk__in=meeting.invited.values("pk"))
        | Q(pk__in=meeting.attendees.values("pk"))
    )
    return people.distinct().order_by("name")


class CloseMeetingForm(OnceMixin, CourseFormMixin, forms.Form):
    """Who came, and the next meeting: the end of the page of a meeting, whose minutes are saved apart.

    Refused without the citizen (D9).
    """

    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=DateInput)
    citizen_present = forms.BooleanField(
        label=gettext_lazy("The citizen took part"),
        required=False,
        help_text=gettext_lazy("A meeting without the citizen is not held: record it as missed instead."),
    )
    attendees = PeopleField(label=gettext_lazy("Also present"))
    planned_at = forms.DateTimeField(
        label=gettext_lazy("Next meeting: day and time"),
        help_text=gettext_lazy("Leave it empty to book it later. The same people are invited."),
        widget=DateTimeInput,
        required=False,
    )
    place = forms.CharField(label=gettext_lazy("Next meeting: place"), max_length=150, required=False)

    def __init__(self, *args: Any, meeting: FollowUpMeeting, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, course=meeting.course, **kwargs)
        self.meeting = meeting
        self.initial.setdefault("held_on", _likely_day(meeting, today))
        self.initial.setdefault("attendees", meeting.invited.all())
        offer(self, "attendees", possible_attendees(meeting, today), meeting.course, today)

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Record the meeting as held, and book the next one if its time is given."""
        planned_at = self.cleaned_data["planned_at"]
        following = None
        if planned_at is not None:
            people = list(self.meeting.invited.filter(is_active=True))
            following = actions.NewMeeting(planned_at, self.cleaned_data["place"], people, self.submission)
        return actions.hold_meeting(
            self.meeting,
            held_on=self.cleaned_data["held_on"],
            citizen_present=self.cleaned_data["citizen_present"],
            attendees=self.cleaned_data["attendees"],
            by=by,
            not_after=mode.last_day_allowed(today),
            following=following,
        )
