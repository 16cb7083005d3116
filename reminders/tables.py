"""The list of a person's own reminders."""

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.tables import Column, DayColumn, KitTable
from reminders.mail import Line


class ReminderTable(KitTable):
    """Rows are `reminders.mail.Line`: what is the matter, with whom, and by when."""

    title = _("My reminders")
    default_order = ("due_on", "label", "about")

    due_on = DayColumn(verbose_name=_("Due"))
    label = Column(verbose_name=_("What"))
    about = Column(verbose_name=_("Citizen or project"), accessor="about__full_name")
    overdue = Column(verbose_name=_("State"))

    def render_label(self, value: str, record: Line) -> str:
        """The matter, leading to the page where it is seen to."""
        return format_html('<a href="{}">{}</a>', record.path, value)

    def render_overdue(self, value: bool) -> str:
        """In words: colour alone would not do."""
        return str(_("Overdue") if value else _("Due soon"))
