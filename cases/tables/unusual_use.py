"""The list of unusual use."""

from django.utils.translation import gettext_lazy as _

from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn


class UnusualUseTable(KitTable):
    """A line for each person, day and sort of use; the newest day first."""

    title = _("Unusual use")
    given_order = "-day"

    day = DayColumn(verbose_name=_("Day"))
    person = Column(verbose_name=_("Who"))
    usage = Column(verbose_name=_("What"))
    count = NumberColumn(verbose_name=_("How often"))
    usual = NumberColumn(verbose_name=_("Usual on a day"))
    stopped = NumberColumn(verbose_name=_("Stopped by the limit"))
