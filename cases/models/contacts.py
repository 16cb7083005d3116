"""The weekly contacts between mentor and citizen (D17)."""

from django.conf import settings
from django.db import models
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
        """Return the contacts with the citizen present; an attempt does not count (D17)."""
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
