"""What a chart shows, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

Number = Decimal | float | int


class ChartKind(StrEnum):
    """How the series are drawn over the categories."""

    LINES = "lines"  # a line for each series, over time
    BARS = "bars"  # horizontal bars of one series, one for each category; as high as their names need
    STACKED = "stacked"  # columns over time, the series on top of each other
    INTERVALS = "intervals"  # a point with its interval for each category


class Interval(NamedTuple):
    """The two ends of an interval."""

    low: Number
    high: Number


def written_value(value: Number | None, decimals: int, unit: str = "") -> str:
    """Return a value as the reader writes it, with its unit and a minus sign; a dash for None."""
    if value is None:
        return "–"
    rounded = round(Decimal(str(value)), decimals)
    sign = "−" if rounded < 0 else ""  # nothing has none, even when it was less before it was rounded
    return f"{sign}{number_format(abs(rounded), decimals, use_l10n=True)} {unit}".rstrip()


@dataclass(frozen=True)
class ChartSeries:
    """A line or a set of bars: its name, and a value for each category (None: nothing is known)."""

    name: str | Promise
    values: Sequence[Number | None]
    intervals: Sequence[Interval | None] = ()


@dataclass(frozen=True)
class Chart:
    """A chart: categories along one axis (as people read them), and series of values over them.

    `sentence` says in words what the chart shows. `decimals` and `unit` are those of the values; `top` is the
    end of the axis of values, for charts that are compared with each other; `target` a line to be reached.
    """

    kind: ChartKind
    title: str | Promise
    sentence: str
    category_title: str | Promise
    categories: Sequence[str]
    series: Sequence[ChartSeries]
    unit: str = ""
    decimals: int = 0
    top: Number | None = None
    target: Number | None = None
    height: int = 220
    width: int = 440
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(value is not None for series in self.series for value in series.values)

    def written(self, value: Number | None) -> str:
        """Return a value as the reader writes it, with its unit."""
        return written_value(value, self.decimals, self.unit)

    def table(self) -> ChartTable:
        """Return the numbers of the chart as a table: a row for each category."""
        headings = []
        for series in self.series:
            headings.append(str(series.name))
            if series.intervals:
                headings.append(_("Interval"))
        rows = [
            ChartTableRow(category, [text for series in self.series for text in self._cells(series, number)])
            for number, category in enumerate(self.categories)
        ]
        return ChartTable(str(self.category_title), headings, rows)

    def _cells(self, series: ChartSeries, number: int) -> list[str]:
        cells = [self.written(series.values[number])]
        if series.intervals:
            interval = series.intervals[number]
            words = _("%(low)s to %(high)s")
            cells.append(
                "–"
                if interval is None
                else words % {"low": self.written(interval.low), "high": self.written(interval.high)}
            )
        return cells


class ChartTableRow(NamedTuple):
    """A row of the table beside a chart."""

    category: str
    cells: list[str]


@dataclass(frozen=True)
class ChartTable:
    """The numbers of a chart."""

    category_title: str
    headings: list[str]
    rows: list[ChartTableRow] = field(default_factory=list)
