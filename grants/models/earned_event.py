"""The events that every course earns under the activity grant, stored once (D26–D28)."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from cases.models import Course
from grants.models.statement import GrantEventKindChoices
from grants.models.terms import GrantTerms


class EarnedEventQuerySet(models.QuerySet["EarnedEvent"]):
    def settled_by(self, cut_off: datetime.date) -> Self:
        """Return the events that a statement with this cut-off has."""
        return self.filter(settled_on__lte=cut_off)


class EarnedEvent(models.Model):
    """One part of the grant that a course earns; `amount` in kroner by the terms of its day.

    It is earned on `earned_on` and stands in every statement with the cut-off `settled_on` or a later one
    (`grants.rules.settlement`). The row itself does not depend on any cut-off.

    Derived data: `grants.storage.stored_events` writes the rows from placements, ledger events, terms and the
    project's period, and can write them again at any time. So there is no history of them: statements and
    snapshots hold copies of what they showed.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="earned_events")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("event"), max_length=12, choices=GrantEventKindChoices)
    earned_on = models.DateField(_("date"))
    settled_on = models.DateField()
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    terms = models.ForeignKey(GrantTerms, on_delete=models.PROTECT, related_name="+")
    #: Company, spells, days counted and holes, as a statement's line stores them.
    basis = models.JSONField()

    objects = EarnedEventQuerySet.as_manager()

    class Meta:
        ordering = ["course", "-kind"]
        indexes = [
            # Holds all that the figures of the projects read.
            models.Index(
                fields=["project", "settled_on"],
                include=["kind", "amount"],
                name="grants_event_of_project",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["course", "kind"], name="grants_event_once"),
            models.CheckConstraint(
                condition=Q(kind__in=GrantEventKindChoices.values), name="grants_event_kind"
            ),
            models.CheckConstraint(
                condition=Q(settled_on__gte=F("earned_on")), name="grants_event_settled_once_earned"
            ),
            models.CheckConstraint(
                condition=~Q(kind=GrantEventKindChoices.START) | Q(settled_on=F("earned_on")),
                name="grants_event_start_never_waits",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="grants_event_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.kind} {self.earned_on}"
