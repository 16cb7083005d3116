"""The places of referrals and courses in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.kit.navigation import NavItem, register

register(NavItem(_("Referrals"), "cases:referrals", permission="cases.list_referrals", order=40, landing=50))
register(NavItem(_("Openings"), "cases:openings", permission="cases.oversee", order=300))
