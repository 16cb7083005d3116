"""The packages that the agency has made for evaluators."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobfirst.models import append_only


class EvaluatorPackage(models.Model):
    """That a package was made: when, by whom, as of which day, with how many rows, and the hash of the file.

    Neither the file nor the key of its pseudonyms is stored: nothing here leads from a pseudonym of a package
    back to a citizen. `submission` is the token of the form: sent twice it makes one package.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    as_of = models.DateField(_("as of"))
    citizens = models.PositiveIntegerField(_("citizens"))
    rows = models.JSONField()
    size = models.PositiveBigIntegerField(_("size"))
    sha256 = models.CharField(max_length=64)
    submission = models.UUIDField(null=True, unique=True)

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("evaluator's package")
        verbose_name_plural = _("evaluator's packages")
        ordering = ["-pk"]
        triggers = append_only()

    def __str__(self) -> str:
        return str(self.public_id)
