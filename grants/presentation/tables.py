"""The lists of the grants: projects with a sum below, events, adjustments, and submitted statements."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models import PlacementKind
from grants.models import State, Statement, Voucher
from grants.presentation.explanation import kind_label, reason_words
from grants.reckoning.figures import FIGURES
from grants.reckoning.forecast import Ahead
from grants.reckoning.statement import Adjustment, Citizen, Draft, Line, ProjectStatement
from grants.rules.values import Spell, Unused
from jobfirst import money
from jobfirst.kit.tables import DayColumn, KitTable, NumberColumn
from jobfirst.templatetags.kit import badge

RIGHT = {"th": {"class": "jf-number"}, "td": {"class": "jf-number"}, "tf": {"class": "jf-number"}}


class SumColumn(NumberColumn):
    """A number with its sum over the whole list below."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, attrs=RIGHT, footer=self.sum_of, **kwargs)

    def sum_of(self, table: tables.Table, bound_column: Any) -> str:
        """The footer."""
        return self.written(sum(getattr(row, bound_column.name) for row in table.data))

    def written(self, value: Any) -> str:
        """How the number and its sum are written."""
        return number_format(value, 0, force_grouping=True)

    def render(self, value: Any) -> str:
        """The cell."""
        return self.written(value)


class MoneyColumn(SumColumn):
    """Kroner, with their sum below."""

    def written(self, value: Any) -> str:
        return money.written(Decimal(value))


class ProjectTable(KitTable):
    """The projects of a draft; the name leads to the project's events."""

    name = tables.Column(accessor="project__name", verbose_name=_("Project"), footer=_("In all"))

    class Meta(KitTable.Meta):
        attrs = {"title": _("Projects")}

    def __init__(self, draft: Draft, address: Callable[[str], str]) -> None:
        """`address` gives the project's own page, by its slug."""
        columns = [
            (figure.name, (MoneyColumn if figure.is_money else SumColumn)(verbose_name=figure.label))
            for figure in FIGURES
        ]
        super().__init__(draft.projects, extra_columns=columns)
        self.address = address

    def render_name(self, record: ProjectStatement, value: str) -> SafeString:
        """The name as a way to the project's own page."""
        return format_html('<a href="{}">{}</a>', self.address(record.project.slug), value)


class EventTable(KitTable):
    """The events of one project, by pseudonym."""

    on = DayColumn(accessor="event__on", verbose_name=_("Date"))
    citizen = tables.Column(verbose_name=_("Citizen"), attrs={"td": {"class": "jf-nowrap"}})
    kind = tables.Column(accessor="event__kind", verbose_name=_("Event"))
    counted_from = DayColumn(accessor="event__counted_from", verbose_name=_("Counted from"))
    counted_days = NumberColumn(accessor="event__counted_days", verbose_name=_("Days counted"))
    bridged_days = NumberColumn(accessor="event__bridged_days", verbose_name=_("of these bridged"))
    entry = tables.Column(accessor="entry__label", verbose_name=_("Entry"))
    amount = NumberColumn(accessor="event__amount", verbose_name=_("Amount"))

    class Meta(KitTable.Meta):
        attrs = {"title": _("Events")}

    def __init__(self, lines: Sequence[Line], address: Callable[[uuid.UUID], str]) -> None:
        """`address` gives the explanation, by the course."""
        super().__init__(lines)
        self.address = address

    def render_citizen(self, record: Line, value: str) -> SafeString:
        """The pseudonym as a way to what the amount rests on."""
        return format_html('<a href="{}">{}</a>', self.address(record.course_public_id), value)

    def render_kind(self, record: Line) -> str:
        """The event in the reader's language."""
        return kind_label(record.event.kind)

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)


@dataclass(frozen=True, slots=True)
class UnusedRow:
    """A spell that gave nothing, whose it is, and why."""

    who: Citizen
    spell: Spell
    why: Unused


class UnusedTable(KitTable):
    """Spells that gave nothing, by pseudonym."""

    citizen = tables.Column(
        accessor="who__pseudonym", verbose_name=_("Citizen"), attrs={"td": {"class": "jf-nowrap"}}
    )
    kind = tables.Column(accessor="spell__kind", verbose_name=_("Kind"))
    starts_on = DayColumn(accessor="spell__starts_on", verbose_name=_("Starts on"))
    planned_end_on = DayColumn(accessor="spell__planned_end_on", verbose_name=_("Planned end"), default="")
    ended_on = DayColumn(accessor="spell__ended_on", verbose_name=_("Last day"), default="")
    why = tables.Column(verbose_name=_("Why it gave nothing"), orderable=False)

    class Meta(KitTable.Meta):
        attrs = {"title": _("Spells that gave nothing")}

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
    """Courses that are about to reach 13 weeks, the nearest first."""

    citizen = tables.Column(accessor="line__citizen", verbose_name=_("Citizen"))
    on = DayColumn(accessor="line__event__on", verbose_name=_("Reaches 13 weeks"))
    days_left = NumberColumn(verbose_name=_("Days left"))
    at_stake = NumberColumn(verbose_name=_("At stake"))

    class Meta(KitTable.Meta):
        attrs = {"title": _("Near 13 weeks")}
        orderable = False

    def render_citizen(self, record: Ahead, value: str) -> SafeString:
        """The pseudonym as a way to the course."""
        return format_html(
            '<a href="{}">{}</a>', reverse("cases:course", args=[record.line.course_public_id]), value
        )

    def render_at_stake(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)


class VoucherTable(KitTable):
    """The vouchers of a project, the latest first; withdrawn ones stay, with the reason."""

    on = DayColumn(verbose_name=_("Date"))
    category = tables.Column(verbose_name=_("Category"))
    municipality = tables.Column(verbose_name=_("Municipality"))
    what = tables.Column(verbose_name=_("What it is for"), attrs={"td": {"class": "jf-anywhere"}})
    amount = NumberColumn(verbose_name=_("Amount"))
    note = tables.Column(
        empty_values=(), orderable=False, verbose_name=_("Note"), attrs={"td": {"class": "jf-anywhere"}}
    )
    file = tables.Column(
        empty_values=(), orderable=False, verbose_name=_("File"), attrs={"td": {"class": "jf-nowrap"}}
    )

    class Meta(KitTable.Meta):
        attrs = {"title": _("Vouchers")}

    def __init__(self, rows: Any, *, may_withdraw: bool) -> None:
        super().__init__(rows)
        self.may_withdraw = may_withdraw

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_note(self, record: Voucher) -> str:
        """What sets the voucher apart."""
        if record.withdrawn_at:
            return gettext("Withdrawn: %(reason)s") % {"reason": record.withdrawn_reason}
        if record.statutory:
            return gettext("Statutory task")
        return gettext("Documents the fixed grant") if record.for_fixed_grant else ""

    def render_file(self, record: Voucher) -> SafeString:
        """The way to the file, and to withdrawing the voucher."""
        url = reverse("grants:voucher_file", args=[record.public_id])
        file = format_html('<a href="{}">{}</a>', url, record.file_type.upper())
        if record.withdrawn_at or not self.may_withdraw:
            return file
        url = reverse("grants:withdraw_voucher", args=[record.public_id])
        return format_html('{} · <a href="{}">{}</a>', file, url, gettext("Withdraw"))


class AdjustmentTable(KitTable):
    """The differences to the last approved statement, each with what it corrects."""

    citizen = tables.Column(verbose_name=_("Citizen"), attrs={"td": {"class": "jf-nowrap"}})
    kind = tables.Column(verbose_name=_("Event"))
    approved_cut_off = DayColumn(verbose_name=_("Corrects the statement of"))
    was_on = DayColumn(verbose_name=_("Was"))
    was = NumberColumn(verbose_name=_("Was paid as"))
    on = DayColumn(verbose_name=_("Is now"), default=_("Not earned"))
    amount = NumberColumn(verbose_name=_("Amount"))

    class Meta(KitTable.Meta):
        attrs = {"title": _("Adjustments")}
        orderable = False

    def __init__(self, adjustments: Sequence[Adjustment], address: Callable[[uuid.UUID], str]) -> None:
        """`address` gives the explanation, by the course."""
        super().__init__(adjustments)
        self.address = address

    def render_citizen(self, record: Adjustment, value: str) -> SafeString:
        """The pseudonym as a way to what the correction rests on."""
        return format_html('<a href="{}">{}</a>', self.address(record.course_public_id), value)

    def render_kind(self, record: Adjustment) -> str:
        """The event in the reader's language."""
        return kind_label(record.kind)

    def render_was(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_amount(self, value: Decimal) -> str:
        """Kroner and øre, with its sign."""
        return money.written(value)


class StatementTable(KitTable):
    """Submitted statements, those on their way first."""

    project = tables.Column(accessor="project_name", verbose_name=_("Project"))
    year = tables.Column(verbose_name=_("Year"))
    cut_off = DayColumn(verbose_name=_("Cut-off"))
    state = tables.Column(verbose_name=_("State"))
    earned_to_date = NumberColumn(verbose_name=_("Earned to date"))
    payable = NumberColumn(verbose_name=_("Payable"))
    paid_on = DayColumn(verbose_name=_("Paid on"), default="")

    class Meta(KitTable.Meta):
        attrs = {"title": _("Submitted statements")}

    def render_project(self, record: Statement, value: str) -> SafeString:
        """The name as a way to the statement."""
        return format_html('<a href="{}">{}</a>', reverse("grants:stored", args=[record.public_id]), value)

    def render_year(self, value: int) -> str:
        """Four digits, ungrouped."""
        return str(value)

    def render_state(self, record: Statement, value: str) -> SafeString:
        """The state; what waits for somebody stands out."""
        kind = {State.SUBMITTED: "info", State.CHECKED: "info", State.RETURNED: "warning"}
        return badge(value, kind[State(record.state)]) if record.state in kind else format_html("{}", value)

    def render_earned_to_date(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_payable(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)


def query_of(draft: Draft) -> str:
    """The query string that shows the same statement again."""
    return urlencode({"year": draft.year, "cut_off": draft.cut_off.isoformat()})
