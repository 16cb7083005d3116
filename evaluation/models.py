"""The models of the app.

Target groups (D4) and paid hours (D20) are defined here, the others in their rooms.
"""

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from audit.history import tracked
from cases.models import Citizen
from evaluation.deviations.models import ARM_OF_KIND, Deviation, DeviationKind
from evaluation.fidelity.models import FidelityThreshold
from evaluation.outcomes.models import OutcomeTerms
from evaluation.packages.models import EvaluatorPackage, PackageOrder
from evaluation.publication.models import Publication, PublishedFigure
from evaluation.steering.models import (
    AddedPoint,
    SteeringDecision,
    SteeringInvitation,
    SteeringMeeting,
    SteeringMeetingCorrection,
    SteeringMember,
    SteeringMinute,
    SteeringMinuteCorrection,
)
from evaluation.summaries.models import Reckoning, RefreshOrder, StoredFigure
from jobfirst.row_security.rules import Shared

__all__ = [
    "ARM_OF_KIND",
    "MOST_HOURS_A_MONTH",
    "AddedPoint",
    "Deviation",
    "DeviationKind",
    "EvaluatorPackage",
    "FidelityThreshold",
    "OutcomeTerms",
    "PackageOrder",
    "PaidHours",
    "Publication",
    "PublishedFigure",
    "Reckoning",
    "RefreshOrder",
    "SteeringDecision",
    "SteeringInvitation",
    "SteeringMeeting",
    "SteeringMeetingCorrection",
    "SteeringMember",
    "SteeringMinute",
    "SteeringMinuteCorrection",
    "StoredFigure",
    "TargetGroupCount",
]


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

    jobfirst_projects = Shared("published counts of a municipality, with nobody's data in them")

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


#: No month has more hours than 31 days.
MOST_HOURS_A_MONTH = Decimal(744)


@tracked()
class PaidHours(models.Model):
    """The paid hours of a citizen of either arm in a month, by its first day (D20). Imported.

    A project sees those of its participants, and never those of the control group (D5).
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="paid_hours")
    month = models.DateField(_("month"))
    hours = models.DecimalField(_("paid hours"), max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = _("paid hours")
        verbose_name_plural = _("paid hours")
        ordering = ["month"]
        indexes = [models.Index(fields=["month"], name="evaluation_paid_hours_by_month")]
        constraints = [
            models.UniqueConstraint(fields=["citizen", "month"], name="evaluation_paid_hours_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="evaluation_paid_hours_month"),
            models.CheckConstraint(
                condition=Q(hours__gte=0, hours__lte=MOST_HOURS_A_MONTH), name="evaluation_paid_hours_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.citizen_id} {self.month}"
