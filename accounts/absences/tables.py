"""The list of absences."""

import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Absence, User
from jobfirst.kit.tables import MISSING, Column, DayColumn, KitTable


class AbsenceTable(KitTable):
    """Absences with their stand-ins, the latest first; links for those that the user may change."""

    title = gettext_lazy("Absences")
    default_order = ("-last_on",)

    user = Column(verbose_name=gettext_lazy("Absent"), accessor="user__name")
    first_on = DayColumn(verbose_name=gettext_lazy("First day"))
    last_on = DayColumn(verbose_name=gettext_lazy("Last day"))
    stand_in = Column(verbose_name=gettext_lazy("Stand-in"), accessor="stand_in__name")
    project = Column(verbose_name=gettext_lazy("Project"), accessor="project__name")
    change = Column(verbose_name=gettext_lazy("Actions"), has_value=False, is_action=True)

    def __init__(self, data: QuerySet[Absence], *, viewer: User, on: datetime.date) -> None:
        self.viewer = viewer
        self.on = on
        super().__init__(data)

    def render_change(self, record: Absence) -> str:
        if record.last_on < self.on:
            return _("Over")
        if not self.viewer.has_perm("accounts.manage_absence", record):
            return MISSING
        url = reverse("correct_absence", args=[record.public_id])
        return format_html(
            '<a href="{}">{}<span class="sr-only">: {}</span></a>',
            url,
            _("Change or end"),
            record.user,
        )
