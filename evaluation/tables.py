"""The leader's list of concerns."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from evaluation.concerns import Concern, as_concerns
from jobfirst.kit.tables import Column, DayColumn, KitTable, link


class ConcernTable(KitTable):
    """The concerns, each with the person who is to act."""

    default_order = ("due_on",)

    due_on = DayColumn(verbose_name=_("Since or due"), order_by="due")
    label = Column(verbose_name=_("What"), order_by="kind")
    citizen = Column(verbose_name=_("Citizen"), orderable=False)
    person = Column(verbose_name=_("Whose"), orderable=False)

    def __init__(self, deadlines: Any, on: datetime.date) -> None:
        """`deadlines` are those of `evaluation.concerns.project_concerns` on the day."""
        super().__init__(deadlines)
        self.on = on

    def prepare(self, records: Any) -> Sequence[Concern]:
        """Return the deadlines of the page with their citizens and people."""
        return as_concerns(list(records), self.on)

    def render_citizen(self, value: str, record: Concern) -> SafeString:
        """The name, as a link to the course."""
        return link(reverse("cases:course", args=[record.course_id]), value)
