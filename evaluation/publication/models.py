"""What has been published to the agency: a publication a month, with its figures."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from jobfirst.models import append_only

#: The row of a figure that is the total of all rows.
TOTAL = ""


class Publication(models.Model):
    """The figures of a cut-off, the first day of a month: what happened in the month before, and what stands
    on the day. `smallest_count` is the term in force then: no smaller number of citizens is shown."""

    jobfirst_append_only = True

    cut_off = models.DateField(_("as of"), unique=True)
    smallest_count = models.PositiveSmallIntegerField(_("smallest number shown"))
    published_at = models.DateTimeField(_("published on"), auto_now_add=True)

    class Meta:
        verbose_name = _("publication of figures")
        verbose_name_plural = _("publications of figures")
        ordering = ["-cut_off"]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.cut_off}"


class PublishedFigure(models.Model):
    """A figure of a publication: how many count, of how many, and the sum of their amounts.

    `row` is a project's slug, a reason's code, or `TOTAL`. What is withheld is stored, since later figures
    must not give it away, and is never shown.
    """

    jobfirst_append_only = True

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="figures")
    measure = models.CharField(_("code of the measure"), max_length=40)
    row = models.CharField(_("row of the figure"), max_length=80, blank=True)
    counted = models.PositiveIntegerField(_("number"))
    rows = models.PositiveIntegerField(_("counted among"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, default=0)
    is_withheld = models.BooleanField(_("is withheld"))
    is_whole_withheld = models.BooleanField(_("what it is counted among is withheld"))

    class Meta:
        verbose_name = _("published figure")
        verbose_name_plural = _("published figures")
        ordering = ["publication", "measure", "row"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "measure", "row"], name="evaluation_published_figure_once"
            ),
            models.CheckConstraint(
                condition=models.Q(is_withheld=True) | models.Q(is_whole_withheld=False),
                name="evaluation_published_figure_of_a_whole",
            ),
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.measure} {self.row}"
