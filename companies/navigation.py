"""The places of companies in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.kit.navigation import NavItem, register

register(
    NavItem(
        _("Placements"), "companies:my_placements", permission="companies.my_placements", order=25, landing=30
    )
)
register(NavItem(_("Companies"), "companies:companies", permission="companies.list_companies", order=40))
