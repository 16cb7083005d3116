"""Companies that others took over: by a merger, or under a new CVR number after a change of owner (D28)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.history import tracked
from companies.models.company import Company
from companies.rules.succession import CompanyLine, TakeOver, company_lines
from jobfirst.database.advisory_locks import LockKey
from jobfirst.models import Record

#: The take-overs of a chain lie on later and later days, so no company ever follows itself. One at a time:
#: each sees the others, whoever writes them.
LATER_AND_LATER = f"""
    PERFORM pg_advisory_xact_lock({int(LockKey.COMPANIES)});
    IF NEW.withdrawn_at IS NULL AND EXISTS (
        SELECT FROM companies_succession other
        WHERE other.withdrawn_at IS NULL AND other.id <> NEW.id AND (
            (other.predecessor_id = NEW.successor_id AND other.from_on <= NEW.from_on)
            OR (other.successor_id = NEW.predecessor_id AND other.from_on >= NEW.from_on)
        )
    ) THEN
        RAISE EXCEPTION 'the take-overs of a chain lie on later and later days'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""  # nosec B608 - our own names


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def standing(self) -> "SuccessionQuerySet":
        """Return those that are not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def lines(self) -> dict[str, CompanyLine]:
        """Return the line of every company that was taken over, by its CVR number: one query."""
        rows = self.standing().values_list("predecessor__cvr", "from_on", "successor__cvr", "all_workplaces")
        return company_lines({row[0]: TakeOver(row[1], row[2], row[3]) for row in rows})

    def became(self, company: Company) -> list[int]:
        """Return the ids of the company, and of those that it took over, directly or through others."""
        lines = self.lines().values()
        earlier = {
            line.company for line in lines if company.cvr in {stage.company for stage in line.stages()}
        }
        return list(Company.objects.filter(cvr__in={company.cvr, *earlier}).values_list("pk", flat=True))


@tracked()
class Succession(Record):
    """That `successor` took over `predecessor`: the days from `from_on` on are at the successor.

    A slip is withdrawn with a reason; the row stays. A company has at most one successor at a time.
    """

    predecessor = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="take_overs")
    from_on = models.DateField(_("the first day at the new company"))
    all_workplaces = models.BooleanField(_("all workplaces went over"), default=True)
    reason = models.CharField(_("how it is known"), max_length=500)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField(_("why it is withdrawn"), max_length=500, default="", blank=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("take-over of a company")
        verbose_name_plural = _("take-overs of companies")
        ordering = ["from_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(withdrawn_at__isnull=True),
                name="companies_succession_once",
                violation_error_message=_("The company is taken over already."),
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="companies_succession_other"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason=""),
                name="companies_succession_withdrawn",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="later_and_later",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=LATER_AND_LATER,
            ),
            pgtrigger.Protect(
                name="withdrawn_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} > {self.successor_id} {self.from_on}"
