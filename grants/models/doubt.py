"""What a municipality answers to the doubts about its events (D58)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from companies.models import Placement
from jobfirst.models import Record, only_growing


class DoubtKindChoices(models.TextChoices):
    """The sorts of doubt with their labels; the rules use `grants.rules.doubts.DoubtKind`."""

    UNSIGNED_AGREEMENT = "unsigned_agreement", _("The work agreement is not signed by all")
    UNCONFIRMED_END = "unconfirmed_end", _("The last day is not registered")
    PENDING_CORRECTION = "pending_correction", _("A report from the company is not answered")
    ABSENCE = "absence", _("Absence on days that count")


class DoubtAnswer(Record):
    """A project leader's answer to a doubt about a placement. The latest one to the same facts holds.

    `facts` are those that were answered (`grants.rules.doubts.Doubt.facts`): when they change, the doubt is
    open again.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="doubt_answers")
    kind = models.CharField(_("what is doubted"), max_length=20, choices=DoubtKindChoices)
    facts = models.CharField(max_length=100)
    text = models.CharField(_("answer"), max_length=1000)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answered_name = models.CharField(max_length=150)
    answered_at = models.DateTimeField(_("answered at"))

    jobfirst_append_only = True

    class Meta:
        verbose_name = _("answer to a doubt")
        verbose_name_plural = _("answers to doubts")
        ordering = ["answered_at", "pk"]
        indexes = [models.Index(fields=["placement", "kind"], name="grants_doubt_of_placement")]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="grants_doubt_answered")]
        triggers = only_growing()

    def __str__(self) -> str:
        return f"{self.placement_id} {self.kind}"
