"""The table of a person's own reminders."""

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.tables import Column, DayColumn, KitTable
from reminders.mail import DigestLine


class ReminderTable(KitTable):
    """Rows are `reminders.mail.DigestLine`."""

    title = _("My reminders")
    default_order = ("due_on", "label", "about")

    due_on = DayColumn(verbose_name=_("Due"))
    label = Column(verbose_name=_("What"))
    about = Column(verbose_name=_("Citizen or project"), accessor="about__full_name")
    overdue = Column(verbose_name=_("State"))

    def render_label(self, value: str, record: DigestLine) -> str:
        """The kind, as a link to the page where it is dealt with."""
        return format_html('<a href="{}">{}</a>', record.path, value)

    def render_overdue(self, value: bool) -> str:
        """The state in words, not by colour alone."""
        return str(_("Overdue") if value else _("Due soon"))
