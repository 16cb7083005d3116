"""How large a share of the courses is to meet a core element: dated, and the trial's own choice (D7)."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from cases.elements.names import ELEMENT_NAMES
from jobfirst.models import DatedQuerySet, Record
from jobfirst.values import text_limits

#: The number that stands for all nine elements together.
ALL_NINE = 0
ELEMENTS = [(ALL_NINE, _("All nine core elements")), *ELEMENT_NAMES.items()]


@tracked()
class FidelityThreshold(Record):
    """From a day on, until the next row of the element, the share of the begun courses that is to meet it, in
    percent. The sources leave it open: it is the trial's own choice, with its reason."""

    element = models.PositiveSmallIntegerField(_("core element"), choices=ELEMENTS)
    valid_from = models.DateField(_("valid from"))
    percent = models.PositiveSmallIntegerField(
        _("share that is to meet it, percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    reason = models.TextField(_("reason"), max_length=text_limits.REASON)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("threshold of a core element")
        verbose_name_plural = _("thresholds of core elements")
        ordering = ["element", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "valid_from"],
                name="evaluation_threshold_once",
                violation_error_message=_("There is a threshold of this element from that day already."),
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100), name="evaluation_threshold_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.element} {self.valid_from}"
