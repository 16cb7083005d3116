"""Entries of the main menu for companies."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(
        _("Placements"), "companies:my_placements", permission="companies.my_placements", order=25, landing=30
    ),
    NavItem(_("Companies"), "companies:companies", permission="companies.list_companies", order=40),
    NavItem(
        _("Take-overs and duplicates"),
        "companies:successions",
        permission="companies.arrange_companies",
        order=41,
        is_rare=True,
    ),
)
