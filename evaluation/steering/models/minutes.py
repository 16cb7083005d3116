"""What a meeting of the steering group talked about and decided (D35, D41)."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from audit.withdrawals import Withdrawable, WithdrawableQuerySet, withdrawn_by_somebody
from cases.models.minutes import closed_with_the_meeting
from evaluation.steering.models.meetings import SteeringMeeting, SteeringState
from evaluation.steering.models.members import SteeringMember
from jobfirst.models import Record, append_only
from jobfirst.values import text_limits

MEETINGS = "evaluation_steeringmeeting"


@tracked()
class AddedPoint(Record):
    """A point that the leader adds to the agenda of one meeting, after the fixed ones."""

    #: What the codes of its minutes begin with.
    CODE_BEGINS = "added-"

    meeting = models.ForeignKey(SteeringMeeting, on_delete=models.PROTECT, related_name="added_points")
    title = models.CharField(_("point"), max_length=150)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("added point")
        verbose_name_plural = _("added points")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="evaluation_added_point_written")]
        triggers = [closed_with_the_meeting("meeting_id", "title", table=MEETINGS)]

    def __str__(self) -> str:
        return self.title

    @property
    def code(self) -> str:
        """The code of its minutes."""
        return f"{self.CODE_BEGINS}{self.public_id.hex}"


@tracked()
class SteeringMinute(Record):
    """What was said about one point: a draft until the meeting is held, closed afterwards.

    `topic` is the code of a `SteeringTopic` or of an `AddedPoint`.
    """

    meeting = models.ForeignKey(SteeringMeeting, on_delete=models.PROTECT, related_name="minutes")
    topic = models.CharField(max_length=40)
    text = models.TextField(_("minutes"), max_length=text_limits.MINUTES, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("minutes of the steering group")
        verbose_name_plural = _("minutes of the steering group")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "topic"], name="evaluation_steering_minute_once"),
        ]
        triggers = [closed_with_the_meeting("meeting_id", "topic", "text", "written_by_id", table=MEETINGS)]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.topic}"


@tracked()
class SteeringMinuteCorrection(Record):
    """A correction of closed minutes (D41): the text that is right, and why. The latest of a point counts."""

    meeting = models.ForeignKey(SteeringMeeting, on_delete=models.PROTECT, related_name="corrections")
    topic = models.CharField(max_length=40)
    text = models.TextField(_("corrected text"), max_length=text_limits.MINUTES)
    reason = models.CharField(_("reason"), max_length=300)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("correction of the steering group's minutes")
        verbose_name_plural = _("corrections of the steering group's minutes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(reason=""), name="evaluation_steering_minute_corrected"
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.topic}"


class SteeringDecisionQuerySet(WithdrawableQuerySet["SteeringDecision"]):
    def of_held(self) -> SteeringDecisionQuerySet:
        """Return those of meetings that took place: what stands in a draft is not decided yet."""
        return self.filter(meeting__state=SteeringState.HELD, meeting__was_not_held=False).standing()

    def still_open(self) -> SteeringDecisionQuerySet:
        """Return those that are not done, in the order of their days."""
        return self.of_held().filter(done_on__isnull=True).order_by("due_on", "pk")


@tracked()
class SteeringDecision(Withdrawable, Record):
    """A decision: what is to be done, which member sees to it, until when. It comes back at every meeting
    until it is done. `owner_name` is the name as it was when it was decided."""

    meeting = models.ForeignKey(SteeringMeeting, on_delete=models.PROTECT, related_name="decisions")
    text = models.CharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(SteeringMember, on_delete=models.PROTECT, related_name="decisions")
    owner_name = models.CharField(max_length=150, editable=False)
    due_on = models.DateField(_("by which day"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SteeringDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of the steering group")
        verbose_name_plural = _("decisions of the steering group")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(owner_name=""), name="evaluation_steering_decision_written"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=False) | Q(done_by__isnull=True, done_at__isnull=True),
                name="evaluation_steering_decision_done",
            ),
            withdrawn_by_somebody("evaluation_steering_decision_withdrawn"),
        ]
        triggers = [
            closed_with_the_meeting("meeting_id", "text", "owner_id", "owner_name", "due_on", table=MEETINGS)
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.due_on}"

    def is_overdue(self, on: datetime.date) -> bool:
        """Whether its day has passed and it is not done."""
        return self.done_on is None and not self.is_withdrawn and self.due_on < on
