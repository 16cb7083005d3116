"""The tables of statements: the projects of a draft with their sums, and submitted statements."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grants.models import Statement, StatementState
from grants.reckoning.figures import FIGURES
from grants.reckoning.statement import ProjectStatement, StatementView
from jobfirst.kit.tables import Column, DayColumn, KitTable, NumberColumn
from jobfirst.templatetags.kit import badge
from jobfirst.values import money


class SumColumn(NumberColumn):
    """A number with its sum over the whole list below."""

    def footer_text(self, name: str, records: Iterable[Any]) -> str:
        """The sum."""
        return self.written(sum(getattr(record, name) for record in records))

    def written(self, value: Any) -> str:
        """Return the number formatted."""
        return number_format(value, 0, force_grouping=True)

    def text(self, value: Any) -> str:
        """The cell."""
        return self.written(value)


class MoneyColumn(SumColumn):
    """Kroner, with their sum below."""

    def written(self, value: Any) -> str:
        return money.written(Decimal(value))


class StatementProjectTable(KitTable):
    """The projects of a draft; the name links to the project's events."""

    title = _("Projects")

    name = Column(accessor="project__name", verbose_name=_("Project"), footer=_("In all"))

    def __init__(self, draft: StatementView, address: Callable[[str], str]) -> None:
        """`address` gives the project's own page, by its slug."""
        super().__init__(draft.projects)
        for figure in FIGURES:
            kind = MoneyColumn if figure.is_money else SumColumn
            self.columns[figure.name] = kind(verbose_name=str(figure.label))
        self.address = address

    def render_name(self, record: ProjectStatement, value: str) -> SafeString:
        """The name as a link to the project's page."""
        return format_html('<a href="{}">{}</a>', self.address(record.project.slug), value)


class StatementTable(KitTable):
    """Submitted statements; the name links to the statement."""

    title = _("Submitted statements")

    project = Column(accessor="project_name", verbose_name=_("Project"))
    year = Column(verbose_name=_("Year"))
    cut_off = DayColumn(verbose_name=_("Cut-off"))
    state = Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    earned_to_date = NumberColumn(verbose_name=_("Earned to date"))
    payable = NumberColumn(verbose_name=_("Payable"))
    paid_on = DayColumn(verbose_name=_("Paid on"), default="")

    def render_project(self, record: Statement, value: str) -> SafeString:
        """The name as a link to the statement."""
        return format_html('<a href="{}">{}</a>', reverse("grants:stored", args=[record.public_id]), value)

    def render_year(self, value: int) -> str:
        """Four digits, ungrouped."""
        return str(value)

    def render_state(self, record: Statement, value: str) -> SafeString:
        """The state; as a badge while somebody has to act."""
        kind = {
            StatementState.SUBMITTED: "info",
            StatementState.CHECKED: "info",
            StatementState.RETURNED: "warning",
        }
        return (
            badge(value, kind[StatementState(record.state)])
            if record.state in kind
            else format_html("{}", value)
        )

    def render_earned_to_date(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)

    def render_payable(self, value: Decimal) -> str:
        """Kroner and øre."""
        return money.written(value)


def query_of(draft: StatementView) -> str:
    """The query string that shows the same statement again."""
    return urlencode({"year": draft.year, "cut_off": draft.cut_off.isoformat()})
