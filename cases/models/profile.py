"""The citizen's profile: dreams, wishes and resources, each a text of its own in versions (D10)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.models.course import Course
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits


class ProfileSubject(models.TextChoices):
    """What a text of the profile is about, in the order of the page."""

    DREAMS = "dreams", _("Dreams")
    WISHES = "wishes", _("Wishes")
    RESOURCES = "resources", _("Resources")


@tracked()
class ProfileText(Record):
    """A version of one text of the profile: the latest one counts.

    Somebody who goes on writing on the same day changes their own version (the text is saved as they go);
    anybody else, or another day, makes the next one. `version` counts the saves of the text through all of
    its versions, so that a stale form is always detected. An empty text was taken back.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="profile_texts")
    subject = models.CharField(_("subject"), max_length=10, choices=ProfileSubject)
    number = models.PositiveSmallIntegerField(_("version"))
    text = EncryptedTextField(_("text"), max_length=text_limits.NOTE, blank=True)
    written_on = models.DateField(_("written on"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("text of the profile")
        verbose_name_plural = _("texts of the profile")
        ordering = ["subject", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "subject", "number"], name="cases_profile_version")
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.subject} v{self.number}"
