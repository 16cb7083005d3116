"""The figures of a statement (D30): pages, JSON, CSV, XLSX, PDF and comparisons derive from this list."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Amount = Decimal | int


@dataclass(frozen=True, slots=True)
class StatementFigure:
    """One figure of a project's statement: its name in files (docs/formats.md), label, kroner or count."""

    name: str
    label: Promise
    is_money: bool

    def of(self, statement: object) -> Amount:
        """Return the figure's value in one project's statement, which has an attribute of its name."""
        value: Amount = getattr(statement, self.name)
        return value

    @property
    def zero(self) -> Amount:
        """The value without any event."""
        return Decimal("0.00") if self.is_money else 0


STARTS = StatementFigure("starts", _("Starts"), False)
EARNED_TO_DATE = StatementFigure("earned_to_date", _("Earned to date"), True)
PAYABLE = StatementFigure("payable", _("Payable"), True)

#: In the order in which every page and file shows them.
FIGURES = (
    StatementFigure("target_count", _("Target count"), False),
    StatementFigure("ceiling", _("Ceiling"), True),
    STARTS,
    StatementFigure("completions", _("Completions"), False),
    EARNED_TO_DATE,
    StatementFigure("paid_before", _("Paid before"), True),
    StatementFigure("approved_unpaid", _("Approved, not yet paid"), True),
    PAYABLE,
)

#: What earned to date is made of since the last approved statement.
SINCE_LAST_APPROVED = (
    StatementFigure("earned_before", _("Earned before"), True),
    StatementFigure("new", _("New events"), True),
    StatementFigure("adjusted", _("Adjustments"), True),
)
