"""Deviations of drawn citizens from the protocol (D59)."""

from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import is_agency, led_project_ids
from audit.history import tracked
from audit.withdrawals import StandingRows, Withdrawable, WithdrawableQuerySet, withdrawn_by_somebody
from jobfirst.encryption.encrypted_text import EncryptedTextField
from jobfirst.models import Record
from jobfirst.values import text_limits
from randomization.models import Allocation, Arm


class DeviationKind(models.TextChoices):
    """What went otherwise than the draw said. None of it changes the arm (D5)."""

    CONTROL_GIVEN_COURSE = "control_given_course", _("A control citizen was given the course")
    NEVER_STARTED = "never_started", _("A participant never started")
    WRONG_STRATUM = "wrong_stratum", _("Drawn in the wrong stratum")
    OTHER = "other", _("Another deviation from the protocol")


#: The arm that a kind is about; a kind that is not named is about both.
ARM_OF_KIND = {
    DeviationKind.CONTROL_GIVEN_COURSE.value: Arm.CONTROL.value,
    DeviationKind.NEVER_STARTED.value: Arm.PARTICIPANT.value,
}


class DeviationQuerySet(WithdrawableQuerySet["Deviation"]):
    def changeable_by(self, user: User) -> Self:
        """Return those that the user may correct: a leader those of the led projects that leaders recorded,
        the agency those that the agency recorded."""
        led = Q(allocation__project__in=led_project_ids(user), is_agencys=False)
        return self.filter(led | Q(is_agencys=True) if is_agency(user) else led)


@tracked()
class Deviation(Withdrawable, Record):
    """A deviation of a drawn citizen from the protocol, with its day and reason (D59).

    The citizen is analysed as drawn all the same; the second analysis takes the deviation into account.
    `is_agencys` tells whether the agency recorded it, rather than the project's leader: each corrects what it
    recorded, and the agency does not read what a project wrote. `objects` and every relation leave out what
    was withdrawn as entered in error, `everything` includes it.
    """

    allocation = models.ForeignKey(Allocation, on_delete=models.PROTECT, related_name="deviations")
    kind = models.CharField(_("what deviated"), max_length=24, choices=DeviationKind)
    happened_on = models.DateField(_("on"))
    reason = EncryptedTextField(_("reason"), max_length=text_limits.REASON)
    is_agencys = models.BooleanField(default=False, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )

    objects = StandingRows.from_queryset(DeviationQuerySet)()
    everything = DeviationQuerySet.as_manager()

    class Meta:
        verbose_name = _("deviation of a drawn citizen")
        verbose_name_plural = _("deviations of drawn citizens")
        ordering = ["-happened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["allocation", "kind"],
                condition=Q(withdrawn_at__isnull=True) & ~Q(kind=DeviationKind.OTHER),
                name="evaluation_deviation_once",
                violation_error_message=_("This deviation is recorded already."),
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="evaluation_deviation_reason"),
            models.CheckConstraint(
                condition=Q(kind__in=DeviationKind.values), name="evaluation_deviation_kind"
            ),
            withdrawn_by_somebody("evaluation_deviation_withdrawn"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="stays", fields=["allocation", "is_agencys", "recorded_by"]),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="fits_arm",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM randomization_allocation AS drawn
                        WHERE drawn.id = NEW.allocation_id
                          AND (NEW.kind <> 'control_given_course' OR drawn.arm = 'control')
                          AND (NEW.kind <> 'never_started' OR drawn.arm = 'participant')
                    ) THEN
                        RAISE EXCEPTION 'A deviation % does not fit the arm', NEW.kind;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.allocation_id} {self.kind}"
