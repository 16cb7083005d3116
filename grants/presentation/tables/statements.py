"""The tables of statements: the projects of a draft with their sums, and submitted statements."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from grants.models import Statement, StatementState
from grants.reckoning.figures import FIGURES
from grants.reckoning.statement import ProjectStatement, StatementView
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
        """Return the number formatted."""
        return number_format(value, 0, force_grouping=True)

    def render(self, value: Any) -> str:
        """The cell."""
        return self.written(value)


class MoneyColumn(SumColumn):
    """Kroner, with their sum below."""

    def written(self, value: Any) -> str:
        return money.written(Decimal(value))


class ProjectTable(KitTable):
    """The projects of a draft; the name links to the project's events."""

    name = tables.Column(accessor="project__name", verbose_name=_("Project"), footer=_("In all"))

    class Meta(KitTable.Meta):
        attrs = {"title": _("Projects")}

    def __init__(self, draft: StatementView, address: Callable[[str], str]) -> None:
        """`address` gives the project's own page, by its slug."""
        columns = [
            (figure.name, (MoneyColumn if figure.is_money else SumColumn)(verbose_name=figure.label))
            for figure in FIGURES
        ]
        super().__init__(draft.projects, extra_columns=columns)
        self.address = address

    def render_name(self, record: ProjectStatement, value: str) -> SafeString:
        """The name as a link to the project's page."""
        return format_html('<a href="{}">{}</a>', self.address(record.project.slug), value)


class StatementTable(KitTable):
    """Submitted statements; the name links to the statement."""

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
