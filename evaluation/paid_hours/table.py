"""The agency's list of months with paid hours."""

import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from evaluation.paid_hours.delivered import DeliveredMonth
from evaluation.presentation.rounded import AT_LEAST, AT_MOST, rounded_text
from jobfirst.kit.days import written_day
from jobfirst.kit.tables import Column, KitTable, NumberColumn


class DeliveredMonthTable(KitTable):
    """The months with paid hours, the newest first: how many citizens of each arm have hours."""

    title = _("Paid hours by month")
    given_order = "-month"

    month = Column(verbose_name=_("Month"), css="jf-nowrap")
    participants = NumberColumn(verbose_name=_("Participants"), orderable=False)
    controls = NumberColumn(verbose_name=_("Controls"), orderable=False)
    missing = NumberColumn(verbose_name=_("Without hours"))

    def render_month(self, value: datetime.date) -> str:
        """The month in words."""
        return str(written_day(value, "F Y"))

    def render_missing(self, value: int) -> str:
        """At most how many have none."""
        return rounded_text(value, AT_MOST)

    def render_participants(self, record: DeliveredMonth) -> str:
        """Those with hours, of the drawn."""
        return _of(record.participants, record.participants_drawn)

    def render_controls(self, record: DeliveredMonth) -> str:
        """Those with hours, of the drawn."""
        return _of(record.controls, record.controls_drawn)


def _of(number: int, total: int) -> str:
    at_least = rounded_text(number, AT_LEAST if number < total else "")
    return gettext("%(number)s of %(total)s") % {"number": at_least, "total": total}
