"""Who belongs to the steering group, and for which area."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from audit.history import tracked
from audit.withdrawals import StandingRows, Withdrawable, WithdrawableQuerySet, withdrawn_by_somebody
from jobfirst.models import Erasable, Record
from jobfirst.values.dates import DateSpan


class SteeringArea(models.TextChoices):
    """What a member stands for."""

    PROJECT_LEADER = "project_leader", _("Project leader")
    PROJECT_STAFF = "project_staff", _("Staff of the project")
    JOBCENTRE_MANAGEMENT = "jobcentre_management", _("Management of the jobcentre")
    SOCIAL_MANAGEMENT = "social_management", _("Management of the social department")
    HEALTH_MANAGEMENT = "health_management", _("Management of the health department")
    OTHER = "other", _("Somebody else")


#: The areas that every steering group is to have: leader, staff, and management of three departments.
REQUIRED_AREAS = tuple(area for area in SteeringArea if area != SteeringArea.OTHER)


class SteeringMemberQuerySet(WithdrawableQuerySet["SteeringMember"]):
    def on(self, day: datetime.date) -> SteeringMemberQuerySet:
        """Return those who belong to the group on the day, by name."""
        span = Q(left_on__isnull=True) | Q(left_on__gte=day)
        return self.filter(span, joined_on__lte=day).order_by("name", "pk")


@tracked()
class SteeringMember(Withdrawable, Erasable, Record):
    """Somebody in the steering group of a project from one day to another (both included).

    `user` is the account of somebody who works in the project; most members come from outside and have none.
    Of an erased member area and days stay: the seat in the group.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="steering_members")
    name = models.CharField(_("name"), max_length=150)
    area = models.CharField(_("area"), max_length=30, choices=SteeringArea)
    title = models.CharField(_("title"), max_length=150, blank=True)
    organisation = models.CharField(_("organisation"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account in the project"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    joined_on = models.DateField(_("member from"))
    left_on = models.DateField(_("member until"), null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = StandingRows.from_queryset(SteeringMemberQuerySet)()
    everybody = SteeringMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the steering group")
        verbose_name_plural = _("members of the steering group")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & Q(area__in=SteeringArea.values), name="evaluation_steering_member"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="evaluation_steering_member_days",
                violation_error_message=_("The last day lies before the first."),
            ),
            models.UniqueConstraint(
                fields=["project", "user"],
                condition=Q(user__isnull=False, left_on__isnull=True, withdrawn_at__isnull=True),
                name="evaluation_steering_member_once",
                violation_error_message=_("This account is a member already."),
            ),
            withdrawn_by_somebody("evaluation_steering_member_withdrawn"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def span(self) -> DateSpan:
        """The days on which the person belongs to the group."""
        return DateSpan(self.joined_on, self.left_on)
