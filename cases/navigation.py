"""Entries of the main menu for referrals and courses."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(_("My week"), "cases:my_week", permission="cases.my_week", order=10, landing=40),
    NavItem(_("Meetings"), "cases:my_meetings", permission="cases.my_meetings", order=20, landing=20),
    NavItem(_("Courses"), "cases:courses", permission="cases.list_courses", order=30, landing=90),
    NavItem(_("Gaps"), "cases:gaps", permission="cases.list_courses", order=35),
    NavItem(_("Referrals"), "cases:referrals", permission="cases.list_referrals", order=40, landing=50),
    NavItem(_("Staff"), "cases:people", permission="cases.oversee", order=290, is_rare=True),
    NavItem(_("Openings"), "cases:openings", permission="cases.oversee", order=300, is_rare=True),
    NavItem(
        _("Unusual use"), "cases:unusual_use", permission="cases.see_unusual_use", order=301, is_rare=True
    ),
)
