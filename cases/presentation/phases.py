"""The phases of a course in words (D12)."""

from django.utils.translation import gettext_lazy as _

from cases.rules.phases import Phase

PHASE_WORDS = {
    Phase.NOT_STARTED: _("Not begun"),
    Phase.SNIFFING: _("Sniffing"),
    Phase.INTERNSHIP: _("Internship"),
    Phase.CONTINUED: _("Continued effort"),
    Phase.ENDED: _("Ended"),
}
