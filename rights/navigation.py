"""This app's place in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(_("Retention and erasure"), "rights:retention", "rights.see_retention", order=815, is_rare=True),
)
