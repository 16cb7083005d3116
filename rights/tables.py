"""The list of legal holds."""

import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.tables import MISSING, Column, DayColumn, KitTable, MomentColumn, link
from rights.models import LegalHold
from rights.models.holds import LegalHoldQuerySet


class HoldTable(KitTable):
    """Legal holds by pseudonym, the newest first."""

    title = _("Legal holds")
    given_order = "-placed_at"

    citizen = Column(verbose_name=_("Citizen"), accessor="citizen__pseudonym")
    kind = Column(verbose_name=_("Because of"), accessor="get_kind_display", order_by="kind")
    reason = Column(verbose_name=_("Reason"), orderable=False)
    placed_at = MomentColumn(verbose_name=_("Placed"))
    placed_by = Column(verbose_name=_("By whom"), accessor="placed_by__name")
    until_on = DayColumn(verbose_name=_("Last day of the hold"), default=_("until it is lifted"))
    state = Column(verbose_name=_("State"), has_value=False)
    act = Column(verbose_name=_("Actions"), has_value=False, is_action=True)

    def __init__(self, rows: LegalHoldQuerySet, *, on: datetime.date) -> None:
        super().__init__(rows.with_force(on))

    def render_state(self, record: LegalHold) -> str:
        """Whether the hold blocks an erasure, or by whom and why it was lifted."""
        if record.lifted_by is not None:
            return gettext("Lifted by %(name)s: %(reason)s") % {
                "name": record.lifted_by.name,
                "reason": record.lifted_reason,
            }
        return gettext("In force") if record.is_in_force else gettext("Ended")

    def render_act(self, record: LegalHold) -> SafeString | str:
        """The link to lift a hold that is in force."""
        if record.is_in_force:
            return link(reverse("rights:lift_hold", args=[record.public_id]), gettext("Lift the hold"))
        return MISSING
