"""Days on a CV: as rough as the citizen remembers them, a month or only a year (D10)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RoughMonth:
    """A month of a year; `month` None: only the year is known."""

    year: int
    month: int | None = None

    def is_before(self, other: "RoughMonth") -> bool:
        """Whether this certainly lies before `other`: a year alone may be any of its months."""
        if self.year != other.year or self.month is None or other.month is None:
            return self.year < other.year
        return self.month < other.month


def rough_month(year: int | None, month: int | None) -> RoughMonth | None:
    """Return the month as stored in two columns; None without a year."""
    return None if year is None else RoughMonth(year, month)
