"""The tables of the history: snapshots, their showings, and the events that have changed since."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.models import GrantTerms, Showing, Snapshot
from grants.presentation.event_labels import event_label
from grants.presentation.figures import FigureChangeRow, change_rows
from grants.reckoning.comparison import ChangeNature, EventChange, ProjectDifference
from jobfirst.kit.tables import Column, DayColumn, KitTable, MomentColumn, NumberColumn
from jobfirst.values import money

NAMES_SHOWN = 3


class SnapshotTable(KitTable):
    """Snapshots of drafts, the last shown first; the short hash links to the snapshot."""

    title = _("What was shown")
    given_order = "-last_shown_at"

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
        """The short hash as a link to the snapshot."""
        return format_html(
            '<a href="{}">{}</a>', reverse("grants:kept", args=[record.public_id]), record.short
        )

    def render_what(self, record: Snapshot) -> str:
        """The project by its name today, or the kind of snapshot."""
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
        """The first names and how many more; the command where no user saw it."""
        names = list(record.people)
        if not names:
            return gettext("The command") if record.showing_count else "–"
        more = len(names) - NAMES_SHOWN
        first_names = ", ".join(names[:NAMES_SHOWN])
        return (
            gettext("%(names)s and %(more)d more") % {"names": first_names, "more": more}
            if more > 0
            else first_names
        )


class ShowingTable(KitTable):
    """The showings of one snapshot, the latest first."""

    title = _("Shown to")
    orderable = False

    at = MomentColumn(verbose_name=_("When"))
    user = Column(accessor="user__name", verbose_name=_("To whom"), has_value=False)
    way = Column(verbose_name=_("How"), accessor="get_way_display")

    def render_user(self, record: Showing) -> str:
        """The name; the command where there is no user."""
        return record.user.name if record.user else gettext("The command")


class ChangeTable(KitTable):
    """Events that differ from what was shown."""

    title = _("Events that have changed")
    orderable = False

    citizen = Column(accessor="pseudonym", verbose_name=_("Citizen"), css="jf-nowrap")
    kind = Column(verbose_name=_("Event"))
    nature = Column(verbose_name=_("What has changed"))
    was_on = DayColumn(verbose_name=_("As shown"))
    on = DayColumn(verbose_name=_("Today"))
    amount = NumberColumn(verbose_name=_("Difference"))

    def __init__(
        self, changes: Sequence[EventChange], terms: GrantTerms, address: Callable[[EventChange], str]
    ) -> None:
        """`terms` holds the terms in force on the cut-off when the draft was shown; `address` gives the
        explanation of today, or of then where there is none today."""
        super().__init__(changes)
        self.terms, self.address = terms, address

    def render_citizen(self, record: EventChange, value: str) -> SafeString:
        """The pseudonym as a link to the explanation."""
        return format_html('<a href="{}">{}</a>', self.address(record), value)

    def render_kind(self, record: EventChange) -> str:
        """The event in the reader's language."""
        return event_label(record.kind, record.day, self.terms)

    def render_nature(self, value: ChangeNature) -> str:
        """How the event differs, in words."""
        words = {
            ChangeNature.ADDED: gettext("Added"),
            ChangeNature.REMOVED: gettext("No longer earned"),
            ChangeNature.MOVED: gettext("Another date or amount"),
        }
        return words[value]

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre, with its sign."""
        return money.written(value)


@dataclass(frozen=True, slots=True)
class ProjectDifferenceRow:
    """The differences of one project for a page; `table` is None where no event differs."""

    name: str
    figures: list[FigureChangeRow]
    table: ChangeTable | None


def project_difference_row(
    compare_statements: ProjectDifference, terms: GrantTerms, address: Callable[[EventChange], str]
) -> ProjectDifferenceRow:
    """Return the differences of one project for a page; `terms` and `address` are for its table."""
    table = ChangeTable(compare_statements.changes, terms, address) if compare_statements.changes else None
    return ProjectDifferenceRow(compare_statements.name, change_rows(compare_statements.figures), table)
