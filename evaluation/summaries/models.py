"""The figures of the measures as they were reckoned at night, by project and period."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Project


class Reckoning(models.Model):
    """When the stored figures were reckoned, for which day, and how far the facts had come by then.

    There is one row at most. `facts` is the position of `evaluation.summaries.facts`: another one means that
    something has changed since. Empty when somebody was writing then.
    """

    made_at = models.DateTimeField(_("reckoned at"))
    day = models.DateField(_("day"))
    facts = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("reckoning of the stored figures")
        verbose_name_plural = _("reckonings of the stored figures")

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"


class RefreshOrder(models.Model):
    """That a file has been imported since the figures were stored: they are to be reckoned anew.

    A row for each file, deleted when figures that hold its rows are stored (`evaluation.summaries.orders`).
    """

    ordered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("order to reckon the stored figures")
        verbose_name_plural = _("orders to reckon the stored figures")

    def __str__(self) -> str:
        return f"{self.ordered_at:%Y-%m-%d %H:%M}"


class StoredFigure(models.Model):
    """The figure of a measure of a project for the days from `first` to the day before `until`, or on the day
    `until` (`evaluation.measures.values.Window`).

    Derived data: `evaluation.summaries.stored` writes the rows from the facts and can write them again at any
    time, so there is no history of them. They are counts and sums of a whole project, and name no citizen.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    measure = models.CharField(max_length=40)
    first = models.DateField()
    until = models.DateField()
    counted = models.PositiveIntegerField()
    rows = models.PositiveIntegerField()
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    by_note = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("stored figure")
        verbose_name_plural = _("stored figures")
        ordering = ["project", "measure", "until", "first"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "measure", "first", "until"], name="evaluation_figure_once"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("first")), name="evaluation_figure_days"),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.measure} {self.until}"
