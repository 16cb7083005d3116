"""The monthly follow-up meetings (D9, D18)."""

import datetime
import operator
from functools import reduce

import pgtrigger
from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.course import Course
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits


class MeetingState(models.TextChoices):
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("The citizen did not come")


#: What was recorded when a meeting was held: it never changes (D41).
RECORDED = ("state", "held_on", "citizen_present", "summary", "course_id")
HELD_DIFFERS = reduce(
    operator.or_, [pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in RECORDED]
)

#: The day on which a meeting was held, as corrected, or is planned.
MEETING_DAY = Coalesce("corrected_on", "held_on", TruncDate("planned_at"))


class FollowUpMeetingQuerySet(models.QuerySet["FollowUpMeeting"]):
    def with_attendees(self) -> "FollowUpMeetingQuerySet":
        """Add `attendee_names`, the staff who were present beside the citizen, in the same query; the latest
        day first (a query that groups does not follow `Meta.ordering`)."""
        names = ArrayAgg("attendees__name", order_by="attendees__name", filter=Q(attendees__isnull=False))
        return self.annotate(attendee_names=Coalesce(names, Value([]))).order_by(MEETING_DAY.desc(), "-pk")

    def counting(self) -> "FollowUpMeetingQuerySet":
        """Return the meetings that count as held, as corrected (D41)."""
        return self.filter(state=MeetingState.HELD, citizen_was_absent=False)

    def booked_or_counting(self) -> "FollowUpMeetingQuerySet":
        """Return the meetings that are booked or count as held: not those that were missed or cancelled."""
        return self.filter(state__in=[MeetingState.BOOKED, MeetingState.HELD], citizen_was_absent=False)


@tracked()
class FollowUpMeeting(Record):
    """A monthly meeting. It cannot be held without the citizen (D9); a cancelled or missed one is not held.

    `planned_at` is empty for an imported meeting; `held_on` is set exactly when the state is held. `sequence`
    counts the changes that the calendars of the staff `invited` are told of; `cannot_come_at` is when the
    citizen declined by the link of the appointment message (D53). What was recorded of a held meeting stays;
    `corrected_on`, `citizen_was_absent` and `was_not_held` are what its latest `MeetingCorrection` says
    instead (D41). `closed_at` and `closed_by` tell who cancelled it, or recorded it as missed.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="meetings")
    planned_at = models.DateTimeField(_("date and time"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=150, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MeetingState, default=MeetingState.BOOKED)
    held_on = models.DateField(_("held on"), null=True, blank=True)
    citizen_present = models.BooleanField(_("the citizen took part"), null=True, blank=True)
    attendees = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("also present")
    )
    invited = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("invited")
    )
    summary = EncryptedTextField(_("summary"), max_length=text_limits.MINUTES, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    corrected_on = models.DateField(null=True, blank=True, editable=False)
    citizen_was_absent = models.BooleanField(default=False, editable=False)
    was_not_held = models.BooleanField(default=False, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sequence = models.PositiveIntegerField(default=0, editable=False)
    cannot_come_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = FollowUpMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up meeting")
        verbose_name_plural = _("follow-up meetings")
        ordering = ["-planned_at", "-held_on", "-pk"]
        indexes = [models.Index(fields=["course", "state", "-held_on"], name="cases_meeting_course")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MeetingState.HELD, held_on__isnull=False)
                & Q(citizen_present__isnull=False, citizen_present=True)
                | (~Q(state=MeetingState.HELD) & Q(held_on__isnull=True)),
                name="cases_meeting_held_with_citizen",
                violation_error_message=_("A meeting is not held without the citizen."),
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.HELD) | Q(planned_at__isnull=False),
                name="cases_meeting_planned",
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.HELD) | Q(corrected_on__isnull=True, citizen_was_absent=False),
                name="cases_meeting_corrected",
            ),
            models.CheckConstraint(
                condition=Q(was_not_held=False) | Q(citizen_was_absent=True),
                name="cases_meeting_not_held",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MeetingState.CANCELLED, MeetingState.MISSED])
                | Q(closed_at__isnull=True, closed_by__isnull=True),
                name="cases_meeting_closed",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="held_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state=MeetingState.HELD) & HELD_DIFFERS,
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.state}"

    @property
    def counted_on(self) -> datetime.date | None:
        """The day on which it counts as held, as corrected; None when it does not count."""
        return None if self.citizen_was_absent else self.corrected_on or self.held_on
