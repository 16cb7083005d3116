"""The packages that the agency has made for evaluators."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from jobfirst.models import append_only

#: After so many attempts the worker gives an order up.
ATTEMPTS = 3


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


class PackageOrder(models.Model):
    """That somebody has asked for a package that the worker makes, since it takes more than a few seconds.

    The file is kept here for a day from when it is made (`evaluation.packages.orders`), and then deleted; the
    row stays. Without a package and with all attempts begun it is not tried again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ordered_at = models.DateTimeField(_("ordered"), auto_now_add=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("ordered by")
    )
    as_of = models.DateField(_("as of"))
    submission = models.UUIDField(unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    package = models.OneToOneField(
        EvaluatorPackage, on_delete=models.PROTECT, null=True, related_name="order"
    )
    content = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("order of an evaluator's package")
        verbose_name_plural = _("orders of evaluator's packages")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(content__isnull=True) | models.Q(package__isnull=False),
                name="evaluation_package_order_made",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_out_of_attempts(self) -> bool:
        """Whether the last attempt has begun without a package yet: it still runs, or has failed."""
        return self.package_id is None and self.attempts >= ATTEMPTS
