"""Mails that came back (D52)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reminders.models.digest import Digest


class ReturnedDigest(models.Model):
    """That the mail of a digest came back: it counts as not delivered, and what it told is news again.

    The digest stays `sent`, since our mail server had accepted it. `status` is that of the report (RFC 3463).
    """

    digest = models.OneToOneField(Digest, on_delete=models.CASCADE, related_name="returned")
    status = models.CharField(max_length=11)
    returned_at = models.DateTimeField()

    class Meta:
        verbose_name = _("returned mail")
        verbose_name_plural = _("returned mails")
        ordering = ["-returned_at"]

    def __str__(self) -> str:
        return f"{self.digest_id} {self.status}"
