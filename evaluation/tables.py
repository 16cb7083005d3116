"""The leader's list of concerns."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from evaluation.attention import Concern
from jobfirst.kit.tables import Column, DayColumn, KitTable


class ConcernTable(KitTable):
    """The concerns, each with the person responsible."""

    default_order = ("due_on",)

    due_on = DayColumn(verbose_name=_("Since or due"))
    kind = Column(verbose_name=_("What"), accessor="kind__label")
    citizen = Column(verbose_name=_("Citizen"), accessor="course__citizen_name")
    person = Column(verbose_name=_("Whose"))

    def render_kind(self, value: str | Promise, record: Concern) -> SafeString | str:
        """The kind, with its detail."""
        return format_html("{}: {}", value, record.detail) if record.detail else str(value)

    def render_citizen(self, value: str, record: Concern) -> SafeString:
        """The name, as a link to the course."""
        return format_html(
            '<a href="{}">{}</a>', reverse("cases:course", args=[record.course.public_id]), value
        )
