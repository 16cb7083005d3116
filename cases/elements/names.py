"""The names of the nine core elements (D7), by number, in the words of the sources."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ELEMENT_NAMES = {
    1: pgettext_lazy("core element", "Roles"),
    2: _("The job goal sets the course"),
    3: _("Sniffing period"),
    4: _("Adjusted along the way"),
    5: _("Match and work agreement"),
    6: _("Intensive retention support"),
    7: _("Internship with ordinary hours"),
    8: pgettext_lazy("core element", "Plan for job"),
    9: _("Kick-start and duration"),
}
