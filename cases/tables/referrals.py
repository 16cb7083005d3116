"""The list of referrals."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cases.models import Referral
from cases.models.citizen import ReferralState
from cases.presentation.reasons import in_words
from jobfirst.kit.keyset import chosen_first
from jobfirst.kit.tables import Column, DayColumn, KitTable
from jobfirst.templatetags.kit import badge


class ReferralTable(KitTable):
    """One row per referral; a refused one shows every reason."""

    title = _("Referrals")
    given_order = "-referred_on"

    citizen = Column(verbose_name=_("Citizen"), accessor="name", order_by="name")
    municipality = Column(verbose_name=_("Municipality"), order_by="municipality__name")
    target_group = Column(
        verbose_name=_("Target group"), accessor="get_target_group_display", order_by="target_group"
    )
    referred_on = DayColumn(verbose_name=_("Referred on"))
    state = Column(verbose_name=_("Answer"))

    def prepare(self, records: "QuerySet[Referral]") -> list[Referral]:
        """Return the referrals of a page with what they show."""
        return list(chosen_first(records).select_related("citizen", "municipality"))

    def render_citizen(self, record: Referral, value: str) -> SafeString:
        """Return the name as a link to the referral."""
        return format_html('<a href="{}">{}</a>', reverse("cases:referral", args=[record.public_id]), value)

    def render_state(self, record: Referral) -> SafeString:
        """Return the result, with the reasons of a refusal."""
        looks = {ReferralState.ACCEPTED: "success", ReferralState.WITHDRAWN: "info"}
        answer = badge(record.get_state_display(), looks.get(ReferralState(record.state), "error"))
        why = in_words([*record.reasons, *record.flags])
        if not why:
            return answer
        lines = format_html_join("", "<li>{}</li>", ((reason,) for reason in why))
        return format_html('{}<ul class="jf-reasons">{}</ul>', answer, lines)
