"""The list of companies."""

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from jobfirst.kit.tables import KitTable, NumberColumn


class CompanyTable(KitTable):
    """The companies, with the number of the user's own citizens at each."""

    name = tables.Column(verbose_name=_("Company"), order_by=("name", "cvr"))
    cvr = tables.Column(verbose_name=_("CVR number"))
    ordinary_employees = NumberColumn(verbose_name=_("Ordinary employees"))
    own_running = NumberColumn(verbose_name=_("Own citizens there now"))

    class Meta(KitTable.Meta):
        attrs = {"title": _("Companies")}
        default = "–"

    def render_name(self, value: str, record: Company) -> str:
        """Return the name as a link to the company."""
        return format_html('<a href="{}">{}</a>', reverse("companies:company", args=[record.cvr]), value)
