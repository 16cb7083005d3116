"""The municipalities' own target groups, with which the trial is compared."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from audit.history import tracked


@tracked()
class TargetGroupCount(models.Model):
    """How many citizens of each target group a municipality has on a day. The mix of both arms should mirror
    it (D4). Entered or imported by the agency."""

    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        related_name="target_group_counts",
        verbose_name=_("municipality"),
    )
    as_of = models.DateField(_("as of"))
    resource_programme = models.PositiveIntegerField(_("citizens in target group A"))
    activity_ready = models.PositiveIntegerField(_("citizens in target group B"))

    class Meta:
        verbose_name = _("count of the target groups")
        verbose_name_plural = _("counts of the target groups")
        ordering = ["municipality_id", "-as_of"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "as_of"], name="evaluation_target_count_once"),
            models.CheckConstraint(
                condition=Q(resource_programme__gt=0) | Q(activity_ready__gt=0),
                name="evaluation_target_count_any",
                violation_error_message=_("At least one of the target groups must have somebody in it."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.as_of}"
