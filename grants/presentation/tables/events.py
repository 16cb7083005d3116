"""The tables by pseudonym: events, adjustments, unused spells, and expected completions."""

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
from grants.models import GrantTerms
from grants.presentation.event_labels import event_label
from grants.presentation.explanation import reason_words
from grants.reckoning.forecast import ExpectedCompletion
from grants.reckoning.statement import Adjustment, EventLine, ProjectStatement, StatementCitizen
from grants.rules.values import Spell, UnusedSpell
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn
from jobfirst.values import money


class EventTable(KitTable):
    """The events of one project, by pseudonym."""

    title = _("Events")
    given_order = "on"

    on = DayColumn(accessor="event__on", verbose_name=_("Date"))
    citizen = Column(accessor="pseudonym", verbose_name=_("Citizen"), css="jf-nowrap")
    kind = Column(accessor="event__kind", verbose_name=_("Event"))
    counted_from = DayColumn(accessor="event__counted_from", verbose_name=_("Counted from"))
    counted_days = NumberColumn(accessor="event__counted_days", verbose_name=_("Days counted"))
    bridged_days = NumberColumn(accessor="event__bridged_days", verbose_name=_("of these bridged"))
    entry = Column(accessor="entry__label", verbose_name=_("Entry"))
    amount = NumberColumn(accessor="event__amount", verbose_name=_("Amount"))

    def __init__(
        self, lines: Sequence[EventLine], terms: GrantTerms, address: Callable[[uuid.UUID], str]
    ) -> None:
        """`terms`: the terms in force on the cut-off; `address` gives the explanation, by the course."""
        super().__init__(lines)
        self.terms, self.address = terms, address

    def render_citizen(self, record: EventLine, value: str) -> SafeString:
        """The pseudonym as a link to the explanation."""
        return format_html('<a href="{}">{}</a>', self.address(record.course_public_id), value)

    def render_kind(self, record: EventLine) -> str:
        """The event in the reader's language."""
        return event_label(record.event.kind, record.event.on, self.terms)

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)


class AdjustmentTable(KitTable):
    """The differences to the last approved statement, each with what it corrects."""

    title = _("Adjustments")
    orderable = False

    citizen = Column(accessor="pseudonym", verbose_name=_("Citizen"), css="jf-nowrap")
    kind = Column(verbose_name=_("Event"))
    approved_cut_off = DayColumn(verbose_name=_("Corrects the statement of"))
    was_on = DayColumn(verbose_name=_("Was"))
    was = NumberColumn(verbose_name=_("Was paid as"))
    on = DayColumn(verbose_name=_("Is now"), default=_("Not earned"))
    amount = NumberColumn(verbose_name=_("Amount"))

    def __init__(
        self, adjustments: Sequence[Adjustment], terms: GrantTerms, address: Callable[[uuid.UUID], str]
    ) -> None:
        """`terms`: the terms in force on the cut-off; `address` gives the explanation, by the course."""
        super().__init__(adjustments)
        self.terms, self.address = terms, address

    def render_citizen(self, record: Adjustment, value: str) -> SafeString:
        """The pseudonym as a link to the explanation."""
        return format_html('<a href="{}">{}</a>', self.address(record.course_public_id), value)

    def render_kind(self, record: Adjustment) -> str:
        """The event in the reader's language."""
        return event_label(record.kind, record.was_on, self.terms)

    def render_was(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre, with its sign."""
        return money.written(value)


@dataclass(frozen=True, slots=True)
class UnusedRow:
    """A spell that earned nothing, with its citizen and its reason."""

    citizen: StatementCitizen
    spell: Spell
    why: UnusedSpell


class UnusedTable(KitTable):
    """Spells that earned nothing, by pseudonym."""

    title = _("Spells that gave nothing")

    citizen = Column(accessor="citizen__pseudonym", verbose_name=_("Citizen"), css="jf-nowrap")
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
        """The pseudonym as a link to the explanation of all her spells."""
        return format_html('<a href="{}">{}</a>', self.address(record.citizen.course_public_id), value)

    def render_kind(self, value: str) -> str:
        """The kind in the reader's language."""
        return str(PlacementKind(value).label)

    def render_why(self, value: UnusedSpell) -> str:
        """The reason in words."""
        return reason_words(value)


class ExpectedCompletionTable(KitTable):
    """Courses that are about to reach the completion, the nearest first."""

    orderable = False

    citizen = Column(accessor="line__pseudonym", verbose_name=_("Citizen"))
    on = DayColumn(accessor="line__event__on", verbose_name="")
    days_left = NumberColumn(verbose_name=_("Days left"))
    at_stake = NumberColumn(verbose_name=_("At stake"))

    def __init__(self, ahead: Sequence[ExpectedCompletion], length: str) -> None:
        """`length` is that of a completion in words."""
        title = gettext("Near %(length)s") % {"length": length}
        super().__init__(ahead)
        self.title = title
        reaches = gettext("Reaches %(length)s") % {"length": length}
        self.columns["on"] = DayColumn(accessor="line__event__on", verbose_name=reaches)

    def render_citizen(self, record: ExpectedCompletion, value: str) -> SafeString:
        """The pseudonym as a link to the course."""
        return format_html(
            '<a href="{}">{}</a>', reverse("cases:course", args=[record.line.course_public_id]), value
        )

    def render_at_stake(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)


def adjustment_table(
    statement: ProjectStatement, terms: GrantTerms, address: Callable[[uuid.UUID], str]
) -> AdjustmentTable | None:
    """Return the table of a project's adjustments; None where there is none."""
    return AdjustmentTable(statement.adjustments, terms, address) if statement.adjustments else None


def unused_rows(statement: ProjectStatement) -> list[UnusedRow]:
    """Return the project's spells that earned nothing, each with its citizen and its reason."""
    rows = []
    for citizen_spells in statement.spells_by_citizen:
        reasons = {item.spell_id: item for item in citizen_spells.unused}
        rows += [
            UnusedRow(citizen_spells.citizen, spell, reasons[spell.id])
            for spell in citizen_spells.spells
            if spell.id in reasons
        ]
    return rows
