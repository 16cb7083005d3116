"""The list of companies."""

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from jobfirst.kit.addresses import url_maker
from jobfirst.kit.tables import Column, KitTable, NumberColumn, link


class CompanyTable(KitTable):
    """The companies, with the number of the user's own citizens at each."""

    title = _("Companies")
    default_order = ("name",)

    name = Column(verbose_name=_("Company"), order_by=("name", "cvr"))
    cvr = Column(verbose_name=_("CVR number"))
    ordinary_employees = NumberColumn(verbose_name=_("Ordinary employees"))
    own_running = NumberColumn(verbose_name=_("Own citizens there now"))

    def __init__(self, data: "QuerySet[Company]") -> None:
        super().__init__(data)
        self.address = url_maker("companies:company", stand_in="00000000")

    def render_name(self, value: str, record: Company) -> SafeString:
        """The name, leading to the company."""
        return link(self.address(record.cvr), value)
