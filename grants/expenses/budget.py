"""A project's expenses against its award: pure sums over plain values (D25, D31)."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from jobfirst.values.dates import DateSpan

ZERO = Decimal("0.00")
#: How long before its start and after its end a project may have costs.
WIND_UP = relativedelta(years=1)


def days_of_costs(project: DateSpan, not_after: datetime.date | None = None) -> DateSpan:
    """The days a project's cost may have: a year around the project's days, never after `not_after`."""
    days = DateSpan(project.first - WIND_UP, project.last_day + WIND_UP)
    return days if not_after is None else days.until(not_after)


@dataclass(frozen=True, slots=True)
class Cost:
    """One voucher that counts, in kroner."""

    municipality: str
    category: str
    amount: Decimal
    statutory: bool = False
    for_fixed_grant: bool = False


@dataclass(frozen=True, slots=True)
class CategoryExpense:
    """One category: set aside, spent and left, in kroner; left is negative when more was spent."""

    category: str
    budget: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        """What is left of the budget."""
        return self.budget - self.spent


@dataclass(frozen=True, slots=True)
class FixedGrantExpense:
    """A municipality's fixed grant: the lower of documented salary and ceiling (D25)."""

    municipality: str
    ceiling: Decimal
    documented: Decimal

    @property
    def granted(self) -> Decimal:
        """What the municipality gets."""
        return min(self.documented, self.ceiling)


@dataclass(frozen=True, slots=True)
class Expenses:
    """All of a project's expenses. Statutory costs are apart: in no category, no sum and no share (D31)."""

    categories: tuple[CategoryExpense, ...]
    fixed: tuple[FixedGrantExpense, ...]
    statutory: Decimal
    effort: Decimal

    @property
    def budget(self) -> Decimal:
        """The budget in all."""
        return sum((line.budget for line in self.categories), ZERO)

    @property
    def spent(self) -> Decimal:
        """What was spent in all, statutory costs left out."""
        return sum((line.spent for line in self.categories), ZERO)

    @property
    def left(self) -> Decimal:
        """What is left of the budget in all."""
        return self.budget - self.spent

    @property
    def share(self) -> Decimal | None:
        """The share of what was spent that went to the effort itself, in per cent; None before any cost."""
        return (100 * self.effort / self.spent).quantize(Decimal("0.1")) if self.spent else None


def sum_expenses(
    costs: Iterable[Cost],
    budget: Mapping[str, Decimal],
    fixed: Mapping[str, Decimal],
    categories: Iterable[str],
    effort: Iterable[str],
) -> Expenses:
    """Sum the costs per category and per municipality.

    `budget` is kroner per category and `fixed` the fixed grant's ceiling per municipality; `effort` names
    the categories that are the effort itself (the two of salaries).
    """
    all_costs = list(costs)
    eligible = [cost for cost in all_costs if not cost.statutory]
    effort_categories = frozenset(effort)
    salaries = [cost for cost in eligible if cost.for_fixed_grant]
    places = sorted({*fixed, *(cost.municipality for cost in salaries)})
    return Expenses(
        categories=tuple(
            CategoryExpense(
                name,
                budget.get(name, ZERO),
                sum((cost.amount for cost in eligible if cost.category == name), ZERO),
            )
            for name in categories
        ),
        fixed=tuple(
            FixedGrantExpense(
                place,
                fixed.get(place, ZERO),
                sum((cost.amount for cost in salaries if cost.municipality == place), ZERO),
            )
            for place in places
        ),
        statutory=sum((cost.amount for cost in all_costs if cost.statutory), ZERO),
        effort=sum((cost.amount for cost in eligible if cost.category in effort_categories), ZERO),
    )
