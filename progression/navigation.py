"""The questionnaire's place in the main menu."""

from django.utils.translation import gettext_lazy as _

from jobfirst.extension_points import NavItem

ENTRIES = (
    NavItem(
        _("Questionnaire"),
        "progression:versions",
        permission="progression.manage_questionnaires",
        order=70,
    ),
)
