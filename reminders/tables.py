"""The table of a person's own reminders."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jobfirst.kit.tables import Column, DayColumn, KitTable
from reminders.models import ReminderReason
from reminders.wording import ReminderLine


class ReminderTable(KitTable):
    """Rows are `reminders.wording.ReminderLine`."""

    title = _("My reminders")
    default_order = ("due_on", "label", "about")

    due_on = DayColumn(verbose_name=_("Due"))
    label = Column(verbose_name=_("What"))
    about = Column(verbose_name=_("Citizen or project"), accessor="about__full_name")
    overdue = Column(verbose_name=_("State"))
    action = Column(verbose_name=_("Put off"), orderable=False, has_value=False, is_action=True)

    def render_label(self, value: str, record: ReminderLine) -> str:
        """The kind, as a link to the page where it is dealt with."""
        return format_html('<a href="{}">{}</a>', record.path, value)

    def render_overdue(self, value: bool, record: ReminderLine) -> str:
        """The state in words, not by colour alone."""
        if record.put_off is not None:
            day = date_format(record.put_off.until_on, "SHORT_DATE_FORMAT")
            return gettext("Put off until %(day)s") % {"day": day}
        if record.reason == ReminderReason.NOTICE:
            return gettext("News")
        if record.reason == ReminderReason.ESCALATED:
            return gettext("Overdue for long with your staff")
        return gettext("Overdue") if value else gettext("Due soon")

    def render_action(self, record: ReminderLine) -> str:
        """A link to put it off; news is read and needs none."""
        if record.reason == ReminderReason.NOTICE:
            return ""
        facts = record.facts
        url = reverse("reminders:put_off", args=[facts.kind, facts.subject, facts.due_on.isoformat()])
        words = gettext("Put off"), record.about.full_name
        return format_html('<a href="{}">{}<span class="sr-only"> {}</span></a>', url, *words)
