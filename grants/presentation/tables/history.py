"""The lists of the history: what was shown, to whom, and what has changed since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.models import GrantScheme, Showing, Snapshot
from grants.presentation.event_labels import event_label
from grants.presentation.figures import FigureChangeRow, change_rows
from grants.reckoning.comparison import Change, Nature, ProjectDifference
from jobfirst import money
from jobfirst.kit.tables import Column, DayColumn, KitTable, MomentColumn, NumberColumn

NAMES = 3


class SnapshotTable(KitTable):
    """What was shown of drafts, the latest first; the hash leads to it."""

    title = _("What was shown")

    short = Column(accessor="sha256", verbose_name=_("Checksum"), css="jf-nowrap", orderable=False)
    what = Column(has_value=False, verbose_name=_("What"), orderable=False)
    year = Column(verbose_name=_("Year"))
    cut_off = DayColumn(verbose_name=_("Cut-off"))
    earned_to_date = NumberColumn(verbose_name=_("Earned to date"))
    payable = NumberColumn(verbose_name=_("Payable"))
    first_shown_at = MomentColumn(verbose_name=_("First shown"))
    last_shown_at = MomentColumn(verbose_name=_("Last shown"))
    people = Column(verbose_name=_("Shown to"), orderable=False, has_value=False)

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

    title = _("Shown to")
    orderable = False

    at = MomentColumn(verbose_name=_("When"))
    user = Column(accessor="user__name", verbose_name=_("To whom"), has_value=False)
    way = Column(verbose_name=_("How"), accessor="get_way_display")

    def render_user(self, record: Showing) -> str:
        """The name; the command where nobody was signed in."""
        return record.user.name if record.user else gettext("The command")


class ChangeTable(KitTable):
    """Events that are not as they were shown."""

    title = _("Events that have changed")
    orderable = False

    citizen = Column(verbose_name=_("Citizen"), css="jf-nowrap")
    kind = Column(verbose_name=_("Event"))
    nature = Column(verbose_name=_("What has changed"))
    was_on = DayColumn(verbose_name=_("As shown"))
    on = DayColumn(verbose_name=_("Today"))
    amount = NumberColumn(verbose_name=_("Difference"))

    def __init__(
        self, changes: Sequence[Change], scheme: GrantScheme, address: Callable[[Change], str]
    ) -> None:
        """`scheme` holds the terms in force on the cut-off when the draft was shown; `address` gives the
        explanation of today, or of then where there is none today."""
        super().__init__(changes)
        self.scheme, self.address = scheme, address

    def render_citizen(self, record: Change, value: str) -> SafeString:
        """The pseudonym as a way to what it rests on."""
        return format_html('<a href="{}">{}</a>', self.address(record), value)

    def render_kind(self, record: Change) -> str:
        """The event in the reader's language."""
        return event_label(record.kind, record.day, self.scheme)

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
    difference: ProjectDifference, scheme: GrantScheme, address: Callable[[Change], str]
) -> DifferencePart:
    """Return what has changed in one project for the page; the last two are the table's."""
    table = ChangeTable(difference.changes, scheme, address) if difference.changes else None
    return DifferencePart(difference.name, change_rows(difference.figures), table)
