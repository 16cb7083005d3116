"""The drawn citizens as the report of the trial reads them: one query, and no models, since they are many."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import BinaryField, Exists, F, Func, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Concat, TruncMonth

from accounts.models import Project
from cases.models import Citizen
from evaluation.models import PaidHours
from randomization.draw.blocks import stratum_label
from randomization.models import Allocation


class DrawnRow(NamedTuple):
    """A draw, the referral that it rests on, how far the course has come (None without one: a control), and
    if there are paid hours of a month after the draw. `hours_until` is the last month with anybody's, and
    `balance_hash` changes with all that the balance of the arms rests on."""

    arm: str
    slot: int
    allocated_on: datetime.date
    row_hash: bytes
    stratum_id: int
    municipality_id: str
    target_group: str
    project_id: int
    project_starts_on: datetime.date
    referred_on: datetime.date
    public_support_since: datetime.date
    benefit: str
    public_id: uuid.UUID
    cpr_cipher: bytes
    internship_from: datetime.date | None
    ended_on: datetime.date | None
    end_reason: str | None
    has_outcome: bool
    hours_until: datetime.date | None
    balance_hash: bytes

    @property
    def stratum(self) -> str:
        """The name of the stratum."""
        return stratum_label(self.municipality_id, self.target_group)

    @property
    def cpr(self) -> str:
        """The ten digits, decrypted: for the age alone."""
        return Citizen(public_id=self.public_id, cpr_cipher=self.cpr_cipher).cpr


COLUMNS = (
    *("arm", "slot", "allocated_on", "row_hash"),
    *("stratum_id", "stratum__municipality_id", "stratum__target_group"),
    *("project_id", "project__starts_on"),
    *("referral__referred_on", "referral__public_support_since", "referral__benefit"),
    *("citizen__public_id", "citizen__cpr_cipher"),
    *("citizen__course__internship_from", "citizen__course__ended_on", "citizen__course__end_reason"),
    *("has_outcome", "hours_until", "balance_hash"),
)


def _balance_hash() -> Func:
    """Return the hash of the draw, the encrypted number (for the age), and what the referral says."""
    words = Concat(
        Cast("referral__referred_on", TextField()),
        Cast("referral__public_support_since", TextField()),
        Cast("project__starts_on", TextField()),
        "referral__benefit",
        output_field=TextField(),
    )
    values = (F("row_hash"), F("citizen__cpr_cipher"), Func(words, Value("UTF8"), function="CONVERT_TO"))
    return Func(*values, template="SHA256(%(expressions)s)", arg_joiner=" || ", output_field=BinaryField())


def drawn_citizens(projects: Sequence[Project], on: datetime.date) -> list[DrawnRow]:
    """Return who was drawn in the projects up to the day, by ledger; one query."""
    rows = Allocation.objects.filter(allocated_on__lte=on, project__in=projects).order_by("sequence")
    hours = PaidHours.objects.filter(month__lte=on)
    theirs = hours.filter(citizen=OuterRef("citizen"), month__gt=OuterRef("drawn_in"))
    rows = rows.alias(drawn_in=TruncMonth("allocated_on")).annotate(
        has_outcome=Exists(theirs),
        hours_until=Subquery(hours.order_by("-month").values("month")[:1]),
        balance_hash=_balance_hash(),
    )
    return [DrawnRow(*row) for row in rows.values_list(*COLUMNS)]
