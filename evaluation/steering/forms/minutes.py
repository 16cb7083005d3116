"""Forms of the minutes: a point that is added, a decision, a correction (D41)."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms.corrections import ReasonFormMixin, RestoreRowForm, RowActMixin, WithdrawRowForm
from cases.forms.minutes import MinuteCorrectionFields
from cases.free_text import NO_PERSON
from evaluation.steering.actions import minutes as actions
from evaluation.steering.actions.invitations import local_day
from evaluation.steering.areas import members_on
from evaluation.steering.forms.offered import offer_members
from evaluation.steering.models import (
    AddedPoint,
    SteeringDecision,
    SteeringMeeting,
    SteeringMember,
    SteeringMinuteCorrection,
)
from jobfirst.kit.editing import EditFormMixin
from jobfirst.kit.fields import DayField, FreeTextField
from jobfirst.kit.forms import DateInput, OnceMixin
from jobfirst.kit.versioned import VersionedFormMixin


class AddPointForm(OnceMixin, forms.Form):
    """A point that the leader adds to the agenda."""

    prefix = "point"

    title = FreeTextField(
        label=_("New point"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, meeting: SteeringMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting

    @property
    def is_begun(self) -> bool:
        """Whether something was typed."""
        return bool(self.data.get("point-title", "").strip())

    def save(self, *, by: User, today: datetime.date) -> AddedPoint:
        """Add the point."""
        return actions.add_point(self.meeting, self.cleaned_data["title"], by=by, submission=self.submission)


class GroupDecisionForm(OnceMixin, forms.Form):
    """A decision of the meeting: what, which member, by which day."""

    prefix = "decision"

    text = FreeTextField(
        label=_("What is to be done"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    owner = forms.ModelChoiceField(
        label=_("Who"), queryset=SteeringMember.objects.none(), empty_label=_("Choose")
    )
    due_on = DayField(label=_("By which day"), widget=DateInput)

    def __init__(self, *args: Any, meeting: SteeringMeeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting = meeting
        members = SteeringMember.objects.on(local_day(meeting)).filter(project=meeting.project_id)
        self.fields["owner"].queryset = members  # type: ignore[attr-defined]  # a field of a model

    def offer(self, members: Iterable[SteeringMember]) -> None:
        """Show the choices from the members of the group, which the page has read already."""
        offer_members(self, "owner", members_on(members, local_day(self.meeting)))

    @property
    def is_begun(self) -> bool:
        """Whether something was typed: then it is to be saved, or the page says what is missing."""
        return bool(self.data.get("decision-text", "").strip() or self.data.get("decision-due_on"))

    def save(self, *, by: User, today: datetime.date) -> SteeringDecision:
        """Add the decision to the draft."""
        return actions.add_decision(
            self.meeting,
            text=self.cleaned_data["text"],
            owner=self.cleaned_data["owner"],
            due_on=self.cleaned_data["due_on"],
            by=by,
            submission=self.submission,
        )


class CorrectSteeringMinuteForm(VersionedFormMixin, EditFormMixin, MinuteCorrectionFields):
    """Correct the closed minutes of a point; what it corrects stays beside it (D41)."""

    title = _("Correct the minutes")
    success = _("The correction is saved.")

    def __init__(self, *args: Any, meeting: SteeringMeeting, topic: str, intro: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = NO_PERSON
        self.meeting, self.topic, self.intro = meeting, topic, intro

    def save(self, *, by: User, today: datetime.date) -> SteeringMinuteCorrection:
        """Save the correction."""
        return actions.correct_minute(
            self.meeting,
            self.topic,
            text=self.cleaned_data["text"],
            reason=self.cleaned_data["reason"],
            by=by,
            version=self.opened_version,
        )


class ReopenDecisionForm(RowActMixin, ReasonFormMixin, forms.Form):
    """Say that a decision is not carried out after all."""

    title = _("The decision is not carried out after all")
    success = _("The decision is changed.")

    def __init__(self, *args: Any, decision: SteeringDecision, user: User, **kwargs: Any) -> None:
        super().__init__(*args, version=decision.version, **kwargs)
        self.decision = decision
        self.intro = decision.text
        is_done = decision.done_on is not None
        self.ask_reason(is_needed=is_done and not actions.may_reopen_at_once(decision, user))

    def act(self, *, by: User, today: datetime.date) -> None:
        """Open the decision again."""
        actions.reopen_decision(self.decision, by=by, reason=self.reason, version=self.version_seen)


class WithdrawDecisionForm(WithdrawRowForm):
    """Withdraw a decision of a held meeting that was written in error."""

    title = _("The decision was written in error")

    def act(self, *, by: User, today: datetime.date) -> None:
        """Withdraw the decision."""
        actions.withdraw_decision(self.row, by=by, reason=self.withdrawn_because, version=self.version_seen)


class RestoreDecisionForm(RestoreRowForm):
    """Let a decision stand again."""

    def act(self, *, by: User, today: datetime.date) -> None:
        """Let the decision stand again."""
        actions.restore_decision(self.row, by=by, reason=self.reason, version=self.version_seen)
