"""The lists of what citizens have earned, by pseudonym: events, adjustments, spells, completions ahead."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models import PlacementKind
from grants.models import GrantScheme
from grants.presentation.event_labels import event_label
from grants.presentation.explanation import reason_words
from grants.reckoning.forecast import Ahead
from grants.reckoning.statement import Adjustment, Citizen, Line, ProjectStatement
from grants.rules.values import Spell, Unused
from jobfirst import money
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn


class EventTable(KitTable):
    """The events of one project, by pseudonym."""

    title = _("Events")

    on = DayColumn(accessor="event__on", verbose_name=_("Date"))
    citizen = Column(verbose_name=_("Citizen"), css="jf-nowrap")
    kind = Column(accessor="event__kind", verbose_name=_("Event"))
    counted_from = DayColumn(accessor="event__counted_from", verbose_name=_("Counted from"))
    counted_days = NumberColumn(accessor="event__counted_days", verbose_name=_("Days counted"))
    bridged_days = NumberColumn(accessor="event__bridged_days", verbose_name=_("of these bridged"))
    entry = Column(accessor="entry__label", verbose_name=_("Entry"))
    amount = NumberColumn(accessor="event__amount", verbose_name=_("Amount"))

    def __init__(
        self, lines: Sequence[Line], scheme: GrantScheme, address: Callable[[uuid.UUID], str]
    ) -> None:
        """`scheme`: the terms in force on the cut-off; `address` gives the explanation, by the course."""
        super().__init__(lines)
        self.scheme, self.address = scheme, address

    def render_citizen(self, record: Line, value: str) -> SafeString:
        """The pseudonym as a way to what the amount rests on."""
        return format_html('<a href="{}">{}</a>', self.address(record.course_public_id), value)

    def render_kind(self, record: Line) -> str:
        """The event in the reader's language."""
        return event_label(record.event.kind, record.event.on, self.scheme)

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)


class AdjustmentTable(KitTable):
    """The differences to the last approved statement, each with what it corrects."""

    title = _("Adjustments")
    orderable = False

    citizen = Column(verbose_name=_("Citizen"), css="jf-nowrap")
    kind = Column(verbose_name=_("Event"))
    approved_cut_off = DayColumn(verbose_name=_("Corrects the statement of"))
    was_on = DayColumn(verbose_name=_("Was"))
    was = NumberColumn(verbose_name=_("Was paid as"))
    on = DayColumn(verbose_name=_("Is now"), default=_("Not earned"))
    amount = NumberColumn(verbose_name=_("Amount"))

    def __init__(
        self, adjustments: Sequence[Adjustment], scheme: GrantScheme, address: Callable[[uuid.UUID], str]
    ) -> None:
        """`scheme`: the terms in force on the cut-off; `address` gives the explanation, by the course."""
        super().__init__(adjustments)
        self.scheme, self.address = scheme, address

    def render_citizen(self, record: Adjustment, value: str) -> SafeString:
        """The pseudonym as a way to what the correction rests on."""
        return format_html('<a href="{}">{}</a>', self.address(record.course_public_id), value)

    def render_kind(self, record: Adjustment) -> str:
        """The event in the reader's language."""
        return event_label(record.kind, record.was_on, self.scheme)

    def render_was(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre, with its sign."""
        return money.written(value)


@dataclass(frozen=True, slots=True)
class UnusedRow:
    """A spell that gave nothing, whose it is, and why."""

    who: Citizen
    spell: Spell
    why: Unused


class UnusedTable(KitTable):
    """Spells that gave nothing, by pseudonym."""

    title = _("Spells that gave nothing")

    citizen = Column(accessor="who__pseudonym", verbose_name=_("Citizen"), css="jf-nowrap")
    kind = Column(accessor="spell__kind", verbose_name=_("Kind"))
    starts_on = DayColumn(accessor="spell__starts_on", verbose_name=_("Starts on"))
    planned_end_on = DayColumn(accessor="spell__planned_end_on", verbose_name=_("Planned end"), default="")
    ended_on = DayColumn(accessor="spell__ended_on", verbose_name=_("Last day"), default="")
    why = Column(verbose_name=_("Why it gave nothing"), orderable=False)

    def __init__(self, rows: Sequence[UnusedRow], address: Callable[[uuid.UUID], str]) -> None:
        """`address` gives the explanation, by the course."""
        super().__init__(rows)
        self.address = address

    def render_citizen(self, record: UnusedRow, value: str) -> SafeString:
        """The pseudonym as a way to all of her spells."""
        return format_html('<a href="{}">{}</a>', self.address(record.who.course_public_id), value)

    def render_kind(self, value: str) -> str:
        """The kind in the reader's language."""
        return str(PlacementKind(value).label)

    def render_why(self, value: Unused) -> str:
        """The reason in words."""
        return reason_words(value)


class NearTable(KitTable):
    """Courses that are about to reach the completion, the nearest first."""

    orderable = False

    citizen = Column(accessor="line__citizen", verbose_name=_("Citizen"))
    on = DayColumn(accessor="line__event__on", verbose_name="")
    days_left = NumberColumn(verbose_name=_("Days left"))
    at_stake = NumberColumn(verbose_name=_("At stake"))

    def __init__(self, ahead: Sequence[Ahead], length: str) -> None:
        """`length` is that of a completion in words."""
        title = gettext("Near %(length)s") % {"length": length}
        super().__init__(ahead)
        self.title = title
        reaches = gettext("Reaches %(length)s") % {"length": length}
        self.columns["on"] = DayColumn(accessor="line__event__on", verbose_name=reaches)

    def render_citizen(self, record: Ahead, value: str) -> SafeString:
        """The pseudonym as a way to the course."""
        return format_html(
            '<a href="{}">{}</a>', reverse("cases:course", args=[record.line.course_public_id]), value
        )

    def render_at_stake(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)


def adjustment_table(
    statement: ProjectStatement, scheme: GrantScheme, address: Callable[[uuid.UUID], str]
) -> AdjustmentTable | None:
    """Return the table of a project's adjustments; None where there is none."""
    return AdjustmentTable(statement.adjustments, scheme, address) if statement.adjustments else None


def unused_rows(statement: ProjectStatement) -> list[UnusedRow]:
    """Return the project's spells that gave nothing, each with its citizen and its reason."""
    rows = []
    for account in statement.accounts:
        reasons = {item.spell_id: item for item in account.unused}
        rows += [
            UnusedRow(account.who, spell, reasons[spell.id])
            for spell in account.spells
            if spell.id in reasons
        ]
    return rows
