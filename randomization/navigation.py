"""The draw's places in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(_("Draw"), "randomization:waiting", permission="randomization.draw", order=45),
    NavItem(
        _("Ledger of the draw"), "randomization:ledger", permission="randomization.view_ledger", order=45
    ),
)
