"""Forms of the meetings of a steering group: plan, move, cancel, hold, correct."""

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from cases.free_text import NO_PERSON
from evaluation.steering.actions import meetings as actions
from evaluation.steering.actions.invitations import local_day
from evaluation.steering.areas import members_on
from evaluation.steering.forms.offered import offer_members
from evaluation.steering.models import SteeringMeeting, SteeringMeetingCorrection, SteeringMember
from jobfirst import clock
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField, MomentField
from jobfirst.kit.forms import DateInput, DateTimeInput, OnceMixin
from jobfirst.kit.model_forms import ModelForm
from jobfirst.kit.versioned import VersionedFormMixin
from jobfirst.values import text_limits

if TYPE_CHECKING:
    MembersBase = forms.ModelMultipleChoiceField[SteeringMember]
else:
    MembersBase = forms.ModelMultipleChoiceField


class MembersField(MembersBase):
    """Members to tick, each with the area."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SteeringMember.objects.none(), widget=forms.CheckboxSelectMultiple, **kwargs)
        self.error_messages["required"] = _("Say who came.")

    def label_from_instance(self, obj: SteeringMember) -> str:
        """Return the name and the area."""
        return f"{obj} ({obj.get_area_display().lower()})"


def possible_attendees(meeting: SteeringMeeting, *days: datetime.date) -> QuerySet[SteeringMember]:
    """Return the members of the meeting's group on any of the days."""
    members = SteeringMember.objects.none()
    for day in days:
        members = members | SteeringMember.objects.on(day).filter(project=meeting.project_id)
    return members


class PlanMeetingForm(OnceMixin, EditFormMixin, forms.Form):
    """Plan a meeting; the members are invited."""

    title = _("Plan a meeting of the steering group")
    submit = _("Plan the meeting")
    success = _("The meeting is planned, and the members are invited.")

    planned_at = MomentField(label=_("Day and time"), widget=DateTimeInput)
    place = FreeTextField(label=_("Place"), max_length=150, required=False)

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        self.intro = project.name
        self.fields["planned_at"].help_text = _(
            "Members with an e-mail address get an invitation for their calendar."
        )

    def save(self, *, by: User, today: datetime.date) -> SteeringMeeting:
        """Plan the meeting; nobody is invited to one that has begun."""
        if self.cleaned_data["planned_at"] <= clock.now():
            self.success = _("The meeting is entered. Write the minutes, and record it as held.")
        return actions.plan_meeting(
            self.project,
            planned_at=self.cleaned_data["planned_at"],
            place=self.cleaned_data["place"],
            by=by,
            submission=self.submission,
        )


class MoveSteeringMeetingForm(VersionedFormMixin, EditFormMixin, ModelForm[SteeringMeeting]):
    """Move a planned meeting; the members are told."""

    title = _("Move the meeting of the steering group")
    success = _("The meeting is moved, and the members are told.")

    class Meta:
        model = SteeringMeeting
        fields = ("planned_at", "place")
        widgets = {"planned_at": DateTimeInput}
        labels = {"planned_at": _("Day and time"), "place": _("Place")}

    def save(self, *, by: User, today: datetime.date) -> SteeringMeeting:
        """Move the meeting."""
        return actions.move_meeting(
            self.instance,
            planned_at=self.cleaned_data["planned_at"],
            place=self.cleaned_data["place"],
            version=self.opened_version,
        )


class CancelSteeringMeetingForm(VersionedFormMixin, EditFormMixin, ModelForm[SteeringMeeting]):
    """Cancel a planned meeting, with a reason."""

    title = _("Cancel the meeting of the steering group")
    submit = _("Cancel the meeting")
    success = _("The meeting is cancelled, and the members are told.")

    cancelled_reason = FreeTextField(
        label=_("Why is it cancelled?"),
        max_length=text_limits.REASON,
        help_text=NO_PERSON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = SteeringMeeting
        fields = ("cancelled_reason",)

    def save(self, *, by: User, today: datetime.date) -> SteeringMeeting:
        """Cancel the meeting."""
        return actions.cancel_meeting(
            self.instance,
            reason=self.cleaned_data["cancelled_reason"],
            by=by,
            version=self.opened_version,
        )


class HoldMeetingForm(forms.Form):
    """Record the meeting as held, with its day and who came."""

    prefix = "hold"

    held_on = DayField(label=_("Held on"), widget=DateInput)
    attendees = MembersField(label=_("Who came"))

    def __init__(self, *args: Any, meeting: SteeringMeeting, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        self._days = min(local_day(meeting), today), today
        self.fields["held_on"].initial = self._days[0]
        field = self.fields["attendees"]
        field.queryset = possible_attendees(meeting, *self._days)  # type: ignore[attr-defined]  # a field of a model

    def offer(self, members: Iterable[SteeringMember]) -> None:
        """Show the choices from the members of the group, which the page has read already."""
        offer_members(self, "attendees", members_on(members, *self._days))

    def save(self, *, by: User, today: datetime.date) -> SteeringMeeting:
        """Record the meeting as held."""
        return actions.hold_meeting(
            self.meeting,
            held_on=self.cleaned_data["held_on"],
            attendees=list(self.cleaned_data["attendees"]),
            by=by,
            today=today,
        )


class CorrectSteeringMeetingForm(VersionedFormMixin, EditFormMixin, forms.Form):
    """Correct the day of a held meeting, or who came; what it corrects stays beside it (D41)."""

    title = _("Correct the meeting of the steering group")
    success = _("The correction is saved.")

    took_place = forms.BooleanField(label=_("The meeting was held"), required=False)
    held_on = DayField(label=_("Held on"), widget=DateInput)
    attendees = MembersField(label=_("Who came"), required=False)
    reason = FreeTextField(label=_("Why it is corrected"), max_length=300)

    def __init__(self, *args: Any, meeting: SteeringMeeting, **kwargs: Any) -> None:
        record = actions.record_of(meeting)
        came = [attendee.member for attendee in record.attendees]
        everybody = SteeringMember.everybody.filter(project=meeting.project_id)
        kwargs["initial"] = {
            "took_place": record.took_place,
            "held_on": record.held_on,
            "attendees": list(everybody.filter(public_id__in=came)),
        }
        super().__init__(*args, version=meeting.meeting_corrections.count(), **kwargs)
        self.meeting = meeting
        self.intro = meeting.project.name
        self.fields["attendees"].queryset = everybody.order_by("name", "pk")  # type: ignore[attr-defined]  # a field of a model

    def save(self, *, by: User, today: datetime.date) -> SteeringMeetingCorrection | None:
        """Save the correction."""
        return actions.correct_held_meeting(
            self.meeting,
            held_on=self.cleaned_data["held_on"],
            took_place=self.cleaned_data["took_place"],
            attendees=list(self.cleaned_data["attendees"]),
            reason=self.cleaned_data["reason"],
            by=by,
            today=today,
            version=self.opened_version,
        )
