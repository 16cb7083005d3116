"""The administrators' places in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(_("Users"), "user_list", "accounts.manage_users", order=800, landing=70),
    NavItem(_("Projects"), "project_list", "accounts.manage_projects", order=810),
)
