"""The minutes of a follow-up meeting: a text per topic of the agenda, decisions, and later corrections (D35,
D41)."""

import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from audit.withdrawals import Withdrawable, withdrawn_by_somebody
from cases.models.course import Course, CourseFunction
from cases.models.meetings import FollowUpMeeting, MeetingState
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record, append_only
from jobfirst.values import text_limits

CLOSED_WITH_THE_MEETING = """
    PERFORM 1 FROM {table} WHERE id IN (OLD.{meeting}, NEW.{meeting}) AND state = 'held';
    IF FOUND THEN
        RAISE EXCEPTION 'pgtrigger: the minutes of a held meeting are closed';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""


def closed_with_the_meeting(
    *columns: str, meeting: str = "meeting_id", table: str = "cases_followupmeeting"
) -> pgtrigger.Trigger:
    """Return the trigger that refuses a new row, a changed column and a removal once the meeting, a row of
    the table, is held."""
    return pgtrigger.Trigger(
        name="closed_with_the_meeting",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns) | pgtrigger.Delete,
        func=CLOSED_WITH_THE_MEETING.replace("{table}", table).replace("{meeting}", meeting),
    )


class Attendance(FollowUpMeeting.attendees.through):  # type: ignore[name-defined]  # made by Django
    """Who came to a meeting beside the citizen; closed with the meeting as its minutes are."""

    class Meta:
        proxy = True
        verbose_name = _("attendance of a meeting")
        verbose_name_plural = _("attendance of meetings")
        triggers = [closed_with_the_meeting("followupmeeting_id", "user_id", meeting="followupmeeting_id")]


@tracked()
class MeetingMinute(Record):
    """What was said about one topic of a meeting: a draft until the meeting is held, closed afterwards.

    `topic` is the code of an `AgendaTopic` (`cases.agenda`).
    """

    meeting = models.ForeignKey(FollowUpMeeting, on_delete=models.CASCADE, related_name="minutes")
    topic = models.CharField(max_length=40)
    text = EncryptedTextField(_("minutes"), max_length=text_limits.MINUTES, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "topic"], name="cases_minute_once"),
        ]
        triggers = [closed_with_the_meeting("meeting_id", "topic", "text", "written_by_id")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.topic}"


@tracked()
class MinuteCorrection(Record):
    """A correction of closed minutes (D41): the text that is right, and why. The latest of a topic counts."""

    meeting = models.ForeignKey(FollowUpMeeting, on_delete=models.CASCADE, related_name="corrections")
    topic = models.CharField(max_length=40)
    text = EncryptedTextField(_("corrected text"), max_length=text_limits.MINUTES)
    reason = models.CharField(_("reason"), max_length=300)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("correction of minutes")
        verbose_name_plural = _("corrections of minutes")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(reason=""), name="cases_correction_written"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.topic}"


@tracked()
class MeetingCorrection(Record):
    """A correction of who came to a held meeting, or of its day (D41). The latest counts.

    The meeting and its attendance keep what was recorded. Without the citizen the meeting does not count as
    held (D9); one that did not take place at all has no promises either.
    """

    meeting = models.ForeignKey(FollowUpMeeting, on_delete=models.CASCADE, related_name="meeting_corrections")
    held_on = models.DateField(_("held on"))
    citizen_present = models.BooleanField(_("the citizen took part"))
    took_place = models.BooleanField(_("the meeting was held"), default=True)
    attendees = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="CorrectedAttendance", related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("correction of a meeting")
        verbose_name_plural = _("corrections of meetings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="cases_meeting_correction_reason"),
            models.CheckConstraint(
                condition=Q(took_place=True) | Q(citizen_present=False),
                name="cases_meeting_correction_held",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.held_on}"


class CorrectedAttendance(models.Model):
    """Somebody who came to a meeting beside the citizen, by a correction."""

    correction = models.ForeignKey(MeetingCorrection, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("attendance by a correction")
        verbose_name_plural = _("attendance by corrections")
        constraints = [
            models.UniqueConstraint(fields=["correction", "user"], name="cases_corrected_attendance_once"),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.correction_id} {self.user_id}"


CITIZEN = "citizen"
#: Who can promise something: the citizen, or whoever holds a function of the course.
PROMISERS = [(CITIZEN, _("The citizen")), *CourseFunction.choices]


class MeetingDecisionQuerySet(models.QuerySet["MeetingDecision"]):
    def promised(self) -> "MeetingDecisionQuerySet":
        """Return those of meetings that took place: what was decided in a draft is not promised yet."""
        held = self.filter(meeting__state=MeetingState.HELD, meeting__was_not_held=False)
        return held.filter(withdrawn_at__isnull=True)

    def still_open(self) -> "MeetingDecisionQuerySet":
        """Return the promises that are neither done nor lapsed, in the order of their days."""
        return self.promised().filter(done_on__isnull=True, lapsed_on__isnull=True).order_by("due_on", "pk")


@tracked()
class MeetingDecision(Withdrawable, Record):
    """A decision of a meeting as a promise: what is to be done, by whom, until when (D35).

    `function` is the promise's owner: the citizen, or a function of the course, so that a promise goes over
    with the function. `promised_by` is who held it then; it stands in the minutes. An open promise comes back
    at every meeting until it is done, or lapses with the course. `course` is the meeting's. One that was
    written in error is withdrawn: it stays in the minutes, and is owed no more.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="decisions")
    meeting = models.ForeignKey(FollowUpMeeting, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField(_("what is to be done"), max_length=300)
    function = models.CharField(_("who"), max_length=30, choices=PROMISERS)
    promised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due_on = models.DateField(_("by which day"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    lapsed_on = models.DateField(_("lapsed on"), null=True, blank=True)

    objects = MeetingDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision of a meeting")
        verbose_name_plural = _("decisions of meetings")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["course", "due_on"], name="cases_decision_course")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & Q(function__in=[code for code, _label in PROMISERS]),
                name="cases_decision_written",
            ),
            models.CheckConstraint(
                condition=~Q(function=CITIZEN) | Q(promised_by__isnull=True), name="cases_decision_promiser"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=False) | Q(done_by__isnull=True), name="cases_decision_done"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(lapsed_on__isnull=True), name="cases_decision_lapsed"
            ),
            withdrawn_by_somebody("cases_decision_withdrawn"),
        ]
        # Its day and owner are corrected (D41): the entry of the correction keeps what the minutes said.
        triggers = [closed_with_the_meeting("meeting_id", "course_id", "text")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.function} {self.due_on}"

    @property
    def is_done(self) -> bool:
        """Whether it is done."""
        return self.done_on is not None

    def is_overdue(self, on: datetime.date) -> bool:
        """Whether its day has passed and it is not done."""
        return self.done_on is None and self.lapsed_on is None and self.due_on < on
