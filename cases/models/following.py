"""The close support: weekly mentor contact (D17) and monthly follow-up meetings (D9, D18)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.course import Course
from jobfirst.models import Record


class Channel(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    PHONE = "phone", _("Phone")
    MESSAGE = "message", _("Text message")
    VIDEO = "video", _("Video")
    UNKNOWN = "unknown", _("Not stated")


class MentorContactQuerySet(models.QuerySet["MentorContact"]):
    def counting(self) -> "MentorContactQuerySet":
        """Contacts with the citizen; an attempt without the citizen is no contact (D17)."""
        return self.filter(citizen_present=True)


@tracked()
class MentorContact(Record):
    """A contact between mentor and citizen on a day."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="contacts")
    held_on = models.DateField(_("date"))
    citizen_present = models.BooleanField(_("the citizen took part"), default=True)
    channel = models.CharField(_("how"), max_length=20, choices=Channel, default=Channel.UNKNOWN)
    note = models.TextField(_("note"), blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MentorContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("mentor contact")
        verbose_name_plural = _("mentor contacts")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["course", "-held_on"], name="cases_contact_course")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.held_on}"


class MeetingState(models.TextChoices):
    BOOKED = "booked", _("Booked")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
    MISSED = "missed", _("The citizen did not come")


@tracked()
class FollowUpMeeting(Record):
    """A monthly meeting. It cannot be held without the citizen (D9); cancelled or missed is not held.

    `planned_at` is empty for a meeting that was imported as held; `held_on` is set exactly when held.
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
    summary = models.TextField(_("summary"), blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("follow-up meeting")
        verbose_name_plural = _("follow-up meetings")
        ordering = ["-planned_at", "-held_on", "-pk"]
        indexes = [models.Index(fields=["course", "state", "-held_on"], name="cases_meeting_course")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MeetingState.HELD, held_on__isnull=False, citizen_present=True)
                | (~Q(state=MeetingState.HELD) & Q(held_on__isnull=True)),
                name="cases_meeting_held_with_citizen",
                violation_error_message=_("A meeting is not held without the citizen."),
            ),
            models.CheckConstraint(
                condition=Q(state=MeetingState.HELD) | Q(planned_at__isnull=False),
                name="cases_meeting_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.state}"
