"""This app's place in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(_("Reminders"), "reminders:mine", permission="reminders.list_own", order=80),
    NavItem(_("Operations"), "operations:overview", permission="reminders.operate", order=820),
)
