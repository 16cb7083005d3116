"""The figures of a statement (D30): the list from which page, JSON, CSV, XLSX, PDF and difference derive."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Amount = Decimal | int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a project's statement: its name in FORMATS, what people call it, kroner or a count."""

    name: str
    label: Promise
    is_money: bool

    def of(self, statement: object) -> Amount:
        """Return the figure's value in one project's statement, which has an attribute of its name."""
        value: Amount = getattr(statement, self.name)
        return value

    @property
    def zero(self) -> Amount:
        """The value of nothing."""
        return Decimal("0.00") if self.is_money else 0


STARTS = Figure("starts", _("Starts"), False)
EARNED_TO_DATE = Figure("earned_to_date", _("Earned to date"), True)
PAYABLE = Figure("payable", _("Payable"), True)

#: In the order in which every page and file shows them.
FIGURES = (
    Figure("target_count", _("Target count"), False),
    Figure("ceiling", _("Ceiling"), True),
    STARTS,
    Figure("completions", _("Completions"), False),
    EARNED_TO_DATE,
    Figure("paid_before", _("Paid before"), True),
    PAYABLE,
)

#: What earned to date is made of since the last approved statement.
SINCE_LAST_APPROVED = (
    Figure("earned_before", _("Earned before"), True),
    Figure("new", _("New events"), True),
    Figure("adjusted", _("Adjustments"), True),
)
