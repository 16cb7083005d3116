"""How each course stands with the nine core elements, day by day (D7)."""

import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models.course import Course


class ElementStateChoices(models.TextChoices):
    """The states of `cases.rules.fidelity.ElementState` in words."""

    MET = "met", pgettext_lazy("core element", "Met")
    NOT_YET = "not_yet", pgettext_lazy("core element", "Not yet")
    MISSED = "missed", pgettext_lazy("core element", "Missed")


class CourseElementQuerySet(models.QuerySet["CourseElement"]):
    def on(self, day: datetime.date) -> Self:
        """Return the states on the day: one for each element of each course that has begun."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day), from_on__lte=day)


class CourseElement(models.Model):
    """The state of a core element of a course on the days from `from_on` to `until_on` (None: onwards).

    `since` is the day from which it has this state, with whatever reasons; `due_on` the day by which what is
    not yet met is to be, if that is known.

    Derived data: `cases.elements.stored` writes the rows from the facts of the course and can write them
    again at any time. So there is no history of them.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="elements")
    element = models.PositiveSmallIntegerField(_("core element"))
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=ElementStateChoices)
    since = models.DateField(_("since"))
    reasons = ArrayField(models.CharField(max_length=40), default=list)
    due_on = models.DateField(null=True)

    objects = CourseElementQuerySet.as_manager()

    class Meta:
        verbose_name = _("core element")
        verbose_name_plural = _("core elements")
        ordering = ["course", "element", "from_on"]
        indexes = [
            models.Index(fields=["element", "state", "from_on", "until_on"], name="cases_element_state")
        ]
        constraints = [
            models.UniqueConstraint(fields=["course", "element", "from_on"], name="cases_element_once"),
            models.CheckConstraint(condition=Q(element__range=(1, 9)), name="cases_element_number"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="cases_element_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.element} {self.from_on}"
