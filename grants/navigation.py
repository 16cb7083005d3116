"""The grants' entry in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(
        label=_("Grant statement"),
        url_name="grants:statement",
        permission="grants.view_statements",
        order=60,
        landing=60,
    ),
)
