"""The list of companies."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from jobfirst.kit.tables import Column, KitTable, NumberColumn


class CompanyTable(KitTable):
    """The companies, with the number of the user's own citizens at each."""

    title = _("Companies")
    default_order = ("name",)

    name = Column(verbose_name=_("Company"), order_by=("name", "cvr"))
    cvr = Column(verbose_name=_("CVR number"))
    ordinary_employees = NumberColumn(verbose_name=_("Ordinary employees"))
    own_running = NumberColumn(verbose_name=_("Own citizens there now"))

    def render_name(self, value: str, record: Company) -> str:
        """Return the name as a link to the company."""
        return format_html('<a href="{}">{}</a>', reverse("companies:company", args=[record.cvr]), value)
