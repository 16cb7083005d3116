"""The table of the rows behind a figure."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.models import Course, Referral
from evaluation.measures.figures import CountedRows
from evaluation.measures.values import CountedRow
from evaluation.measures.words import DATA_ERASED
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn, link


@dataclass(frozen=True)
class ListedRow:
    """A row of the list: the citizen with where she is seen, and what the measure says. Without an address
    when her data is erased."""

    citizen: str
    url: str
    citizen_id: uuid.UUID
    day: datetime.date | None
    counts: bool
    note: str | Promise
    amount: Decimal | None


class MeasureTable(KitTable):
    """The rows of a figure in the order of their days; `words` name the notes."""

    title = _("Rows")
    given_order = "day"

    citizen = Column(verbose_name=_("Citizen"), orderable=False)
    day = DayColumn(verbose_name=_("Day"), orderable=False)
    note = Column(verbose_name=_("What"), orderable=False)
    amount = NumberColumn(verbose_name=_("Amount"), orderable=False)
    counts = Column(verbose_name=_("Counts"), orderable=False)

    def __init__(
        self,
        rows: CountedRows,
        *,
        words: Mapping[str, str | Promise],
        amount: str | Promise | None,
    ) -> None:
        super().__init__(rows)
        self.words = words
        if not words:
            del self.columns["note"]
        if amount is None:
            del self.columns["amount"]
        else:
            self.columns["amount"] = NumberColumn(verbose_name=amount, orderable=False)

    def prepare(self, records: Any) -> Sequence[ListedRow]:
        """Return the rows of the page with their citizens; one query. Of a citizen whose data is erased the
        row stays, with nothing but whether it counts."""
        rows: list[CountedRow] = list(records)
        if any(row.referral is not None for row in rows):
            all_referrals = Referral.objects.select_related("citizen", "course")
            referrals = all_referrals.in_bulk([row.referral for row in rows if row.referral is not None])
            return [self._listed(row, referrals[row.referral or 0]) for row in rows]
        all_courses = Course.objects.select_related("referral__citizen", "referral__course")
        courses = all_courses.in_bulk([row.course for row in rows if row.course is not None])
        return [self._listed(row, courses[row.course or 0].referral) for row in rows]

    def _listed(self, row: CountedRow, referral: Referral) -> ListedRow:
        citizen = referral.citizen.public_id
        if referral.citizen.erased_on is not None:
            return ListedRow(str(DATA_ERASED), "", citizen, None, row.counts, "", None)
        course: Course | None = getattr(referral, "course", None)
        if course is None:
            url = reverse("cases:referral", args=[referral.public_id])
        else:
            url = reverse("cases:course", args=[course.public_id])
        note = self.words.get(row.note, row.note)
        return ListedRow(referral.name, url, citizen, row.day, row.counts, note, row.amount)

    def render_citizen(self, value: str, record: ListedRow) -> SafeString:
        """The name, as a link to the course or the referral; of a citizen whose data is erased that it is."""
        return link(record.url, value) if record.url else escape(value)

    def render_amount(self, value: Decimal) -> str:
        """The amount without needless decimals."""
        is_whole = value == value.to_integral()
        return number_format(value, 0 if is_whole else 2, force_grouping=True)

    def render_counts(self, value: bool) -> str:
        """Whether the row counts, in a word."""
        return gettext("Yes") if value else gettext("No")
