"""The meetings of a steering group, and corrections of those that were held (D41)."""

from __future__ import annotations

import datetime
import operator
from functools import reduce

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from audit.history import tracked
from jobfirst.models import Record, append_only
from jobfirst.values import text_limits


class SteeringState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


#: What was recorded when a meeting was held: it never changes (D41).
RECORDED = (
    "project_id",
    "planned_at",
    "place",
    "state",
    "held_on",
    "agenda",
    "attendees",
    "missing_areas",
    "closed_at",
    "closed_by_id",
)
HELD_DIFFERS = reduce(
    operator.or_, [pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in RECORDED]
)


class SteeringMeetingQuerySet(models.QuerySet["SteeringMeeting"]):
    def counting(self) -> SteeringMeetingQuerySet:
        """Return the meetings that were held, each with its `day` as corrected (D41)."""
        held = self.filter(state=SteeringState.HELD, was_not_held=False)
        return held.annotate(day=Coalesce("corrected_on", "held_on"))

    def ahead(self, now: datetime.datetime) -> SteeringMeetingQuerySet:
        """Return the planned meetings that have not begun."""
        return self.filter(state=SteeringState.PLANNED, planned_at__gt=now)


@tracked()
class SteeringMeeting(Record):
    """A meeting of the steering group, planned once a quarter.

    When it is recorded as held, `agenda` keeps copies of the points with their figures as of `held_on`,
    `attendees` who came, and `missing_areas` which areas had no member: later changes elsewhere never alter
    them. `corrected_on` and `was_not_held` are what the latest `SteeringMeetingCorrection` says instead.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="steering_meetings")
    planned_at = models.DateTimeField(_("date and time"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=SteeringState, default=SteeringState.PLANNED)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    held_on = models.DateField(_("held on"), null=True, blank=True)
    agenda = models.JSONField(null=True, blank=True, editable=False)
    attendees = models.JSONField(default=list, blank=True, editable=False)
    missing_areas = models.JSONField(default=list, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled_reason = models.CharField(_("why it is cancelled"), max_length=text_limits.REASON, blank=True)
    corrected_on = models.DateField(null=True, blank=True, editable=False)
    was_not_held = models.BooleanField(default=False, editable=False)

    objects = SteeringMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting of the steering group")
        verbose_name_plural = _("meetings of the steering group")
        ordering = ["-planned_at", "-pk"]
        indexes = [models.Index(fields=["project", "state", "held_on"], name="evaluation_steering_held")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SteeringState.HELD, held_on__isnull=False, agenda__isnull=False)
                | Q(
                    state__in=[SteeringState.PLANNED, SteeringState.CANCELLED],
                    held_on__isnull=True,
                    agenda__isnull=True,
                ),
                name="evaluation_steering_meeting_held",
            ),
            models.CheckConstraint(
                condition=Q(state=SteeringState.PLANNED, closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state=SteeringState.PLANNED) & Q(closed_at__isnull=False)),
                name="evaluation_steering_meeting_closed",
            ),
            models.CheckConstraint(
                condition=Q(state=SteeringState.CANCELLED) & ~Q(cancelled_reason="")
                | (~Q(state=SteeringState.CANCELLED) & Q(cancelled_reason="")),
                name="evaluation_steering_meeting_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(state=SteeringState.HELD) | Q(corrected_on__isnull=True, was_not_held=False),
                name="evaluation_steering_meeting_corrected",
            ),
            models.UniqueConstraint(
                fields=["project", "planned_at"],
                condition=Q(state=SteeringState.PLANNED),
                name="evaluation_steering_meeting_once",
                violation_error_message=_("A meeting is planned at this time already."),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="held_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=SteeringState.HELD) & HELD_DIFFERS,
            ),
            pgtrigger.Protect(
                name="held_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=SteeringState.HELD),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.planned_at:%Y-%m-%d}"


@tracked()
class SteeringMeetingCorrection(Record):
    """A correction of the day of a held meeting, or of who came (D41). The latest counts; the meeting keeps
    what was recorded. One that did not take place counts for no quarter."""

    meeting = models.ForeignKey(SteeringMeeting, on_delete=models.PROTECT, related_name="meeting_corrections")
    held_on = models.DateField(_("held on"))
    took_place = models.BooleanField(_("the meeting was held"), default=True)
    attendees = models.JSONField(default=list, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("correction of a steering group meeting")
        verbose_name_plural = _("corrections of steering group meetings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="evaluation_steering_correction_reason"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.held_on}"
