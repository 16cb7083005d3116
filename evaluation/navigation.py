"""This app's place in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(
        _("Dashboard"), "evaluation:dashboard", permission="evaluation.view_dashboard", order=5, landing=10
    ),
    NavItem(
        _("Steering group"),
        "evaluation:steering",
        permission="evaluation.manage_steering",
        order=62,
        is_rare=True,
    ),
    NavItem(_("The trial"), "evaluation:trial", permission="evaluation.view_trial", order=65),
)
