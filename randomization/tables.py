"""The lists of the draw: who waits, who is drawn, and the ledger by pseudonym."""

from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cases.models import Referral
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn
from jobfirst.templatetags.kit import badge
from randomization.models import Allocation, Arm


class WaitingTable(KitTable):
    """Eligible citizens who are not drawn yet, in the order in which they will be."""

    title = _("Waiting for the draw")

    citizen = Column(verbose_name=_("Citizen"), accessor="name", orderable=False)
    municipality = Column(verbose_name=_("Municipality"), orderable=False)
    target_group = Column(
        verbose_name=_("Target group"), accessor="get_target_group_display", orderable=False
    )
    referred_on = DayColumn(verbose_name=_("Referred on"), orderable=False)

    def render_citizen(self, record: Referral, value: str) -> SafeString:
        """The name, leading to the referral."""
        return format_html('<a href="{}">{}</a>', reverse("cases:referral", args=[record.public_id]), value)


class AllocationTable(KitTable):
    """What every list of drawn citizens shows."""

    sequence = NumberColumn(verbose_name=_("No."))
    target_group = Column(
        verbose_name=_("Target group"), accessor="stratum__target_group", order_by="stratum__target_group"
    )
    arm = Column(verbose_name=_("Arm"))
    allocated_on = DayColumn(verbose_name=_("Drawn on"))

    def render_target_group(self, record: Allocation) -> str:
        """The target group in words."""
        return record.stratum.get_target_group_display()

    def render_arm(self, record: Allocation) -> SafeString:
        """The arm in words; the colour only helps."""
        return badge(record.get_arm_display(), "success" if record.arm == Arm.PARTICIPANT else "info")


class DrawnTable(AllocationTable):
    """The citizens drawn in the user's projects, with the participants' courses."""

    title = _("Drawn citizens")
    default_order = ("-sequence",)
    column_order = ("sequence", "citizen", "municipality", "target_group", "arm", "allocated_on", "course")

    citizen = Column(verbose_name=_("Citizen"), accessor="referral__name", order_by="referral__name")
    municipality = Column(
        verbose_name=_("Municipality"),
        accessor="stratum__municipality",
        order_by="stratum__municipality__name",
    )
    course = Column(verbose_name=_("Course"), has_value=False)

    def render_citizen(self, record: Allocation, value: str) -> SafeString:
        """The name, leading to the draw's own page."""
        url = reverse("randomization:allocation", args=[record.referral.public_id])
        return format_html('<a href="{}">{}</a>', url, value)

    def render_course(self, record: Any) -> SafeString | Promise:
        """The way to the course, for whoever may see it; otherwise what happens next."""
        if record.arm == Arm.CONTROL:
            return _("The jobcentre's ordinary effort")
        if record.course_id_seen is None:
            return _("Opened; the project leader fills the functions")
        url = reverse("cases:course", args=[record.course_id_seen])
        return format_html('<a href="{}">{}</a>', url, _("Open the course"))


class LedgerTable(AllocationTable):
    """The ledger as the agency sees it: pseudonyms and hashes."""

    title = _("Ledger of the draw")
    default_order = ("-sequence",)
    column_order = (
        "sequence",
        "pseudonym",
        "project_slug",
        "municipality",
        "target_group",
        "arm",
        "allocated_on",
        "row_hash",
    )

    pseudonym = Column(verbose_name=_("Citizen"))
    project_slug = Column(verbose_name=_("Project"), accessor="project")
    municipality = Column(
        verbose_name=_("Municipality"), accessor="stratum__municipality_id", orderable=False
    )
    row_hash = Column(verbose_name=_("Hash of the row"), orderable=False)

    def render_row_hash(self, value: bytes) -> SafeString:
        """The beginning of the hash; all of it is in the download."""
        return format_html("<code>{}…</code>", bytes(value).hex()[:12])
