"""Forms of the monthly meetings (D9, D18)."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases import actions
from cases.actions.meeting_closing import may_open_at_once
from cases.actions.meeting_corrections import MeetingRecord
from cases.forms.corrections import ReasonFormMixin, RowActMixin
from cases.forms.course_form import CourseFormMixin
from cases.forms.people_field import PeopleField, offer
from cases.models import CorrectedAttendance, Course, FollowUpMeeting, MeetingCorrection
from cases.policy import STAFF_ROLES
from cases.team import invited_next, team_of
from jobfirst import mode
from jobfirst.kit.fields import DayField, FreeTextField, MomentField
from jobfirst.kit.forms import DateInput, DateTimeInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import StaleError, VersionedFormMixin

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise  # a name of the type stubs


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

    planned_at = MomentField(label=gettext_lazy("Day and time"), widget=DateTimeInput)
    place = FreeTextField(label=gettext_lazy("Place"), max_length=150, required=False)
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

    planned_at = MomentField(label=gettext_lazy("Day and time"), widget=DateTimeInput)
    invited = invited_field()
    others = others_field()

    class Meta:
        model = FollowUpMeeting
        fields = ["planned_at", "place"]
        labels = {"place": gettext_lazy("Place")}

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
    """Return the day on which the meeting was held, or probably was: the planned one unless it lies ahead."""
    if meeting.held_on is not None:
        return meeting.held_on
    day = timezone.localdate(meeting.planned_at) if meeting.planned_at else today
    last_day = mode.last_day_allowed(today)
    return day if last_day is None else min(day, last_day)


class MeetingRecordForm(CourseFormMixin, forms.Form):
    """Base of the forms that record a meeting as held, or correct that: its day, and who came."""

    without_citizen: "_StrOrPromise" = ""  # what a meeting without the citizen means

    held_on = DayField(label=gettext_lazy("Held on"), widget=DateInput)
    citizen_present = forms.BooleanField(label=gettext_lazy("The citizen took part"), required=False)
    attendees = PeopleField(label=gettext_lazy("Also present"))

    def __init__(self, *args: Any, meeting: FollowUpMeeting, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, course=meeting.course, **kwargs)
        self.meeting = meeting
        self.fields["citizen_present"].help_text = self.without_citizen
        offer(self, "attendees", _possible_attendees(meeting, today), meeting.course, today)


def _possible_attendees(meeting: FollowUpMeeting, today: datetime.date) -> QuerySet[User]:
    """Return the staff who may have come: who had or has a function, stands in today or stood in on the
    meeting's day, was invited, or is noted as present, also by a correction."""
    corrected = CorrectedAttendance.objects.filter(correction__meeting=meeting)
    people = User.objects.filter(
        Q(holdings__course=meeting.course)
        | Q(pk__in=team_of(meeting.course, today).order_by().values("pk"))
        | Q(pk__in=team_of(meeting.course, _likely_day(meeting, today)).order_by().values("pk"))
        | Q(pk__in=meeting.invited.values("pk"))
        | Q(pk__in=meeting.attendees.values("pk"))
        | Q(pk__in=corrected.values("user"))
    )
    return people.distinct().order_by("name")


class CloseMeetingForm(OnceMixin, MeetingRecordForm):
    """Who came, and the next meeting: the end of the page of a meeting, whose minutes are saved apart.

    Refused without the citizen (D9).
    """

    without_citizen = gettext_lazy("A meeting without the citizen is not held: record it as missed instead.")

    planned_at = MomentField(
        label=gettext_lazy("Next meeting: day and time"),
        help_text=gettext_lazy(
            "Leave it empty to book it later. The same people are invited, with changes in the team."
        ),
        widget=DateTimeInput,
        required=False,
    )
    place = FreeTextField(label=gettext_lazy("Next meeting: place"), max_length=150, required=False)

    def __init__(self, *args: Any, meeting: FollowUpMeeting, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, today=today, **kwargs)
        self.initial.setdefault("held_on", _likely_day(meeting, today))
        self.initial.setdefault("attendees", meeting.invited.all())

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Record the meeting as held, and book the next one if its time is given."""
        planned_at = self.cleaned_data["planned_at"]
        following = None
        if planned_at is not None:
            people = invited_next(self.meeting, timezone.localdate(planned_at))
            following = actions.NewMeeting(planned_at, self.cleaned_data["place"], people, self.submission)
        return actions.hold_meeting(
            self.meeting,
            held_on=self.cleaned_data["held_on"],
            citizen_present=self.cleaned_data["citizen_present"],
            attendees=self.cleaned_data["attendees"],
            by=by,
            not_after=mode.last_day_allowed(today),
            today=today,
            following=following,
        )


class CorrectMeetingForm(VersionedFormMixin, MeetingRecordForm):
    """Correct who came to a held meeting, or its day; what was recorded first stays beside it (D41)."""

    title = gettext_lazy("Correct who came, or the day")
    success = gettext_lazy("The correction is saved.")
    without_citizen = gettext_lazy("Without the citizen the meeting does not count as held.")

    did_not_take_place = forms.BooleanField(
        label=gettext_lazy("The meeting did not take place at all"),
        help_text=gettext_lazy("It was recorded as held by mistake. Its promises are no longer owed."),
        required=False,
    )
    reason = FreeTextField(label=gettext_lazy("Why it is corrected"), max_length=300)

    def __init__(self, *args: Any, record: MeetingRecord, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("held_on", record.held_on)
        self.initial.setdefault("citizen_present", record.citizen_present)
        self.initial.setdefault("attendees", sorted(person.pk for person in record.attendees))
        self.initial.setdefault("did_not_take_place", not record.took_place)

    def save(self, *, by: User, today: datetime.date) -> MeetingCorrection | None:
        """Save the correction."""
        return actions.correct_meeting(
            self.meeting,
            held_on=self.cleaned_data["held_on"],
            citizen_present=self.cleaned_data["citizen_present"],
            attendees=self.cleaned_data["attendees"],
            took_place=not self.cleaned_data["did_not_take_place"],
            reason=self.cleaned_data["reason"],
            by=by,
            not_after=mode.last_day_allowed(today),
            version=self.opened_version,
        )

    def success_message(self, saved: MeetingCorrection | None) -> str:
        """Return what was saved: nothing, when the record says the same already."""
        is_stored = saved is not None and saved.reason == self.cleaned_data["reason"]
        return str(self.success if is_stored else _("This is what is recorded already. Nothing is changed."))


class CloseUnheldForm(VersionedFormMixin, CourseFormMixin, ModelForm[FollowUpMeeting]):
    """Base of the pages that ask before a meeting is cancelled or recorded as missed; nothing is typed."""

    class Meta:
        model = FollowUpMeeting
        fields: list[str] = []

    def __init__(self, *args: Any, instance: FollowUpMeeting, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, course=instance.course, **kwargs)

    @contextmanager
    def refused_when_changed(self) -> Iterator[None]:
        """Refuse what the action finds changed since the page was opened."""
        try:
            yield
        except StaleError as stale:
            self.rebase(stale.version)
            raise ValidationError(
                _("Somebody has changed the meeting meanwhile. Read the page again, and decide anew."),
                code="stale",
            ) from stale


class CancelMeetingForm(CloseUnheldForm):
    """Cancel a booked meeting."""

    title = gettext_lazy("Cancel the meeting?")
    submit = gettext_lazy("Cancel the meeting")
    success = gettext_lazy("The meeting is cancelled.")

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Cancel the meeting."""
        with self.refused_when_changed():
            return actions.cancel_meeting(self.instance, by=by, version=self.opened_version)


class MissedMeetingForm(CloseUnheldForm):
    """Record that the citizen did not come."""

    title = gettext_lazy("Did the citizen not come?")
    submit = gettext_lazy("The citizen did not come")
    success = gettext_lazy("It is recorded that the citizen did not come. Book a new meeting.")

    def save(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Record the meeting as missed."""
        with self.refused_when_changed():
            return actions.mark_missed(self.instance, by=by, version=self.opened_version, not_after=today)


class OpenMeetingAgainForm(RowActMixin, ReasonFormMixin, CourseFormMixin, forms.Form):
    """Book a meeting again that was cancelled or recorded as missed by mistake."""

    title = gettext_lazy("Book the meeting again")
    submit = gettext_lazy("Book again")
    success = gettext_lazy("The meeting is booked again.")

    def __init__(self, *args: Any, meeting: FollowUpMeeting, user: User, **kwargs: Any) -> None:
        super().__init__(*args, course=meeting.course, version=meeting.version, **kwargs)
        self.meeting = meeting
        self.ask_reason(is_needed=not may_open_at_once(meeting, user))

    def act(self, *, by: User, today: datetime.date) -> FollowUpMeeting:
        """Book the meeting again."""
        return actions.open_meeting_again(self.meeting, by=by, reason=self.reason, version=self.version_seen)
