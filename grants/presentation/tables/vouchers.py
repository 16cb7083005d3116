"""The list of a project's vouchers."""

from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.models import Voucher
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn
from jobfirst.values import money


class VoucherTable(KitTable):
    """The vouchers of a project, the latest first; withdrawn ones stay, with the reason."""

    title = _("Vouchers")
    given_order = "-on"

    on = DayColumn(verbose_name=_("Date"))
    category = Column(verbose_name=_("Category"), accessor="get_category_display", order_by="category")
    municipality = Column(verbose_name=_("Municipality"))
    what = Column(verbose_name=_("What it is for"), css="jf-anywhere")
    amount = NumberColumn(verbose_name=_("Amount"))
    note = Column(has_value=False, verbose_name=_("Note"), css="jf-anywhere")
    file = Column(has_value=False, verbose_name=_("File"), css="jf-nowrap")

    def __init__(self, rows: "QuerySet[Voucher]", *, may_withdraw: bool) -> None:
        super().__init__(rows)
        self.may_withdraw = may_withdraw

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_note(self, record: Voucher) -> str:
        """The mark of a withdrawn, statutory or fixed-grant voucher."""
        if record.withdrawn_at:
            return gettext("Withdrawn: %(reason)s") % {"reason": record.withdrawn_reason}
        if record.statutory:
            return gettext("Statutory task")
        return gettext("Documents the fixed grant") if record.for_fixed_grant else ""

    def render_file(self, record: Voucher) -> SafeString | str:
        """Links to the file, and to withdrawing the voucher; of an erased voucher that it was erased."""
        if record.is_erased:
            return gettext("Erased by the rules of retention")
        url = reverse("grants:voucher_file", args=[record.public_id])
        file = format_html('<a href="{}">{}</a>', url, record.file_type.upper())
        if record.withdrawn_at or not self.may_withdraw:
            return file
        url = reverse("grants:withdraw_voucher", args=[record.public_id])
        return format_html('{} · <a href="{}">{}</a>', file, url, gettext("Withdraw"))
