"""This app's place in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.kit.navigation import NavItem, register

register(NavItem(_("Reminders"), "reminders:mine", permission="reminders.list_own", order=80))
