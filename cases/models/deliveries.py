"""What files said of contacts and meetings (D42)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models.contacts import MentorContact
from cases.models.course import Course
from cases.models.meetings import FollowUpMeeting


class DeliveredContact(models.Model):
    """What a file said last of a mentor contact or a held meeting, whatever persons have made of it since.

    `contact` or `meeting` is the record that the row made, or the equal one that was there. The `source_id`
    is the row's in the delivering system, empty when the file has none. `earlier_days` are the ISO days that
    files said before they corrected it.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    is_meeting = models.BooleanField()
    held_on = models.DateField()
    citizen_present = models.BooleanField()
    source_id = models.CharField(max_length=100, blank=True)
    earlier_days: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)
    contact = models.ForeignKey(MentorContact, null=True, on_delete=models.SET_NULL, related_name="+")
    meeting = models.ForeignKey(FollowUpMeeting, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("delivered contact")
        verbose_name_plural = _("delivered contacts")
        constraints = [
            models.UniqueConstraint(
                fields=["course", "source_id"],
                condition=~Q(source_id=""),
                name="cases_delivered_contact_source",
            ),
            models.UniqueConstraint(
                fields=["course", "is_meeting", "held_on", "citizen_present"],
                condition=Q(source_id=""),
                name="cases_delivered_contact_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.held_on}"
