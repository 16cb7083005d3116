"""The list of gaps (D22), with what closes them."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.models import User
from cases.gap_closers import gap_closers
from cases.gaps import CourseGap
from cases.models import CourseFunction, FunctionHolding
from jobfirst.kit.days import written_day
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn, link


class GapTable(KitTable):
    """Gaps with their citizens, the oldest first; `user` is who reads the list."""

    title = _("Gaps")
    given_order = "first"

    citizen = Column(
        verbose_name=_("Citizen"),
        accessor="course__citizen_name",
        order_by=("course__citizen_name", "first"),
    )
    first = DayColumn(verbose_name=_("First day"))
    last = DayColumn(verbose_name=_("Last day"))
    working_days = NumberColumn(verbose_name=_("Working days"))
    when = Column(verbose_name=_("When"), orderable=False, has_value=False)
    job_consultant = Column(verbose_name=_("Job consultant"), orderable=False, has_value=False)
    close = Column(verbose_name=_("Close it with"), orderable=False, has_value=False, is_action=True)

    def __init__(self, data: Sequence[CourseGap], *, user: User, on: datetime.date) -> None:
        self.user = user
        self.on = on
        super().__init__(sorted(data, key=lambda gap: (gap.first, gap.course.pk)))

    def prepare(self, records: Any) -> Sequence[CourseGap]:
        """Return the gaps of the page, with the functions of their courses."""
        gaps = list(records)
        holdings = FunctionHolding.objects.with_stand_in(self.on).select_related("user")
        prefetch_related_objects([gap.course for gap in gaps], Prefetch("holdings", holdings))
        return gaps

    def render_when(self, record: CourseGap) -> str:
        """Whether the gap is over, runs, or is still to come."""
        if not record.is_ahead:
            return pgettext("gap", "Over")
        return pgettext("gap", "Now") if record.is_behind else pgettext("gap", "Coming")

    def render_citizen(self, record: CourseGap, value: str) -> SafeString:
        """Return the name as a link to the course."""
        return link(reverse("cases:course", args=[record.course.public_id]), value)

    def render_job_consultant(self, record: CourseGap) -> str:
        """Return who acts as job consultant today."""
        names = (
            str(holding.stand_in or holding.user)
            for holding in record.course.holdings.all()
            if holding.function == CourseFunction.JOB_CONSULTANT and self.on in holding.span
        )
        return next(names, "–")

    def render_close(self, record: CourseGap) -> SafeString:
        """Return links to what closes the gap, as far as the reader may use it."""
        course = record.course
        links = [
            (
                reverse(closer.url_name, args=[course.public_id]),
                record.first.isoformat(),
                closer.label,
                f"{course.citizen_name}, {written_day(record.first)}",
            )
            for closer in gap_closers()
            if self.user.has_perm(closer.perm, course)
        ]
        return format_html_join(
            " · ", '<a href="{}?from={}">{}<span class="sr-only"> ({})</span></a>', links
        ) or SafeString("–")
