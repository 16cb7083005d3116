"""The lists of the history: what was shown, to whom, and what has changed since."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.models import GrantTerms, Showing, Snapshot
from grants.presentation.event_labels import event_label
from grants.presentation.figures import FigureChangeRow, change_rows
from grants.reckoning.comparison import Change, Nature, ProjectDifference
from jobfirst import money
from jobfirst.kit.tables import DayColumn, KitTable, NumberColumn

NAMES = 3


class MomentColumn(tables.Column):
    """A moment, with the time of day in Copenhagen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs={"td": {"class": "jf-nowrap"}}, **kwargs)

    def render(self, value: datetime.datetime) -> str:
        """The moment in the reader's language."""
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")


class SnapshotTable(KitTable):
    """What was shown of drafts, the latest first; the hash leads to it."""

    short = tables.Column(
        accessor="sha256", verbose_name=_("Checksum"), attrs={"td": {"class": "jf-nowrap"}}, orderable=False
    )
    what = tables.Column(empty_values=(), verbose_name=_("What"), orderable=False)
    year = tables.Column(verbose_name=_("Year"))
    cut_off = DayColumn(verbose_name=_("Cut-off"))
    earned_to_date = NumberColumn(verbose_name=_("Earned to date"))
    payable = NumberColumn(verbose_name=_("Payable"))
    first_shown_at = MomentColumn(verbose_name=_("First shown"))
    last_shown_at = MomentColumn(verbose_name=_("Last shown"), default="–")
    people = tables.Column(verbose_name=_("Shown to"), orderable=False, empty_values=())

    class Meta(KitTable.Meta):
        attrs = {"title": _("What was shown")}

    def render_short(self, record: Snapshot) -> SafeString:
        """The short hash as a way to the kept copy."""
        return format_html(
            '<a href="{}">{}</a>', reverse("grants:kept", args=[record.public_id]), record.short
        )

    def render_what(self, record: Snapshot) -> str:
        """The project by its name today, or how much was shown."""
        return str(record.project) if record.project else str(record.get_kind_display())

    def render_year(self, value: int) -> str:
        """Four digits, ungrouped."""
        return str(value)

    def render_earned_to_date(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_payable(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_people(self, record: Any) -> str:
        """The first names; how many more; the command where nobody signed in saw it."""
        names = list(record.people)
        if not names:
            return gettext("The command") if record.shown else "–"
        more = len(names) - NAMES
        said = ", ".join(names[:NAMES])
        return gettext("%(names)s and %(more)d more") % {"names": said, "more": more} if more > 0 else said


class ShowingTable(KitTable):
    """To whom one kept draft was shown, the latest first."""

    at = MomentColumn(verbose_name=_("When"))
    user = tables.Column(accessor="user__name", verbose_name=_("To whom"), empty_values=())
    way = tables.Column(verbose_name=_("How"))

    class Meta(KitTable.Meta):
        attrs = {"title": _("Shown to")}
        orderable = False

    def render_user(self, record: Showing) -> str:
        """The name; the command where nobody was signed in."""
        return record.user.name if record.user else gettext("The command")


class ChangeTable(KitTable):
    """Events that are not as they were shown."""

    citizen = tables.Column(verbose_name=_("Citizen"), attrs={"td": {"class": "jf-nowrap"}})
    kind = tables.Column(verbose_name=_("Event"))
    nature = tables.Column(verbose_name=_("What has changed"))
    was_on = DayColumn(verbose_name=_("As shown"), default="–")
    on = DayColumn(verbose_name=_("Today"), default="–")
    amount = NumberColumn(verbose_name=_("Difference"))

    class Meta(KitTable.Meta):
        attrs = {"title": _("Events that have changed")}
        orderable = False

    def __init__(
        self, changes: Sequence[Change], terms: GrantTerms, address: Callable[[Change], str]
    ) -> None:
        """`terms` holds the terms in force on the cut-off when the draft was shown; `address` gives the
        explanation of today, or of then where there is none today."""
        super().__init__(changes)
        self.terms, self.address = terms, address

    def render_citizen(self, record: Change, value: str) -> SafeString:
        """The pseudonym as a way to what it rests on."""
        return format_html('<a href="{}">{}</a>', self.address(record), value)

    def render_kind(self, record: Change) -> str:
        """The event in the reader's language."""
        return event_label(record.kind, record.day, self.terms)

    def render_nature(self, value: Nature) -> str:
        """What happened to the event."""
        words = {
            Nature.ADDED: gettext("Added"),
            Nature.REMOVED: gettext("No longer earned"),
            Nature.MOVED: gettext("Another date or amount"),
        }
        return words[value]

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre, with its sign."""
        return money.written(value)


@dataclass(frozen=True, slots=True)
class DifferencePart:
    """What has changed in one project since it was shown; `table` is None where no event has."""

    name: str
    figures: list[FigureChangeRow]
    table: ChangeTable | None


def difference_part(
    difference: ProjectDifference, terms: GrantTerms, address: Callable[[Change], str]
) -> DifferencePart:
    """Return what has changed in one project for the page; the last two are the table's."""
    table = ChangeTable(difference.changes, terms, address) if difference.changes else None
    return DifferencePart(difference.name, change_rows(difference.figures), table)
