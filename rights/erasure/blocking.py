"""What blocks an erasure although the period has ended."""

import datetime
from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Project
from grants.models import EarnedEvent, Statement
from rights.models import LegalHold


class Blocker(models.TextChoices):
    LEGAL_HOLD = "legal_hold", _("Legal hold")
    ENROLMENT_OPEN = "enrolment_open", _("The trial still draws: who is drawn must be recognised")
    GRANT_UNSETTLED = (
        "grant_unsettled",
        _("The grant is not settled: no statement up to the end of the project"),
    )
    IN_AGREEMENT = "in_agreement", _("A work agreement names the person, and goes with the participant")


class Blocks:
    """The blocking facts of all citizens on a day, read once."""

    def __init__(
        self,
        on: datetime.date,
        projects: Mapping[int, Project],
        last_days: Mapping[int, datetime.date],
    ) -> None:
        self._held = set(LegalHold.objects.in_force(on).order_by().values_list("citizen_id", flat=True))
        self._is_enrolment_open = any(day >= on for day in last_days.values())
        self._with_grant = set(EarnedEvent.objects.order_by().values_list("course_id", flat=True))
        approved = Statement.objects.approved().values_list("project_id", "cut_off")
        self._settled = {pk for pk, cut_off in approved if cut_off >= projects[pk].ends_on}

    def of(
        self, citizen_pk: int, course_pk: int | None, project_id: int | None, *, is_drawn: bool
    ) -> tuple[Blocker, ...]:
        """Return what blocks the erasure of the citizen."""
        blockers = [Blocker.LEGAL_HOLD] if citizen_pk in self._held else []
        if is_drawn and self._is_enrolment_open:
            blockers.append(Blocker.ENROLMENT_OPEN)
        if course_pk in self._with_grant and project_id not in self._settled:
            blockers.append(Blocker.GRANT_UNSETTLED)
        return tuple(blockers)
