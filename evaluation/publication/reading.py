"""The published figures as they are shown: of each the newest that is not withheld, and those before it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from evaluation.measures.values import Figure, Unit
from evaluation.publication.models import TOTAL, Publication, PublishedFigure


class ShownFigure(NamedTuple):
    """A figure that may be shown, and its cut-off. A figure that is not renewed keeps its older cut-off."""

    cut_off: datetime.date
    counted: int
    rows: int
    amount: Decimal

    def value(self, unit: Unit) -> Decimal | None:
        """Return the value as the unit reads; a share or a mean of nothing is None."""
        return Figure(self.counted, self.rows, self.amount).value(unit)


@dataclass(frozen=True)
class PublishedFigures:
    """The shown figures by measure and row, the oldest first, up to the newest cut-off.

    `smallest_count` is the term in force at the newest cut-off.
    """

    cut_off: datetime.date
    smallest_count: int
    series: Mapping[tuple[str, str], Sequence[ShownFigure]]

    def trend(self, measure: str, row: str = TOTAL) -> Sequence[ShownFigure]:
        """Return the figures of a row, or of all rows together, the oldest first."""
        return self.series.get((measure, row), ())

    def newest(self, measure: str, row: str = TOTAL) -> ShownFigure | None:
        """Return the newest figure of a row, or of all rows together; None when all are withheld."""
        return next(reversed(self.trend(measure, row)), None)

    def rows(self, measure: str) -> list[str]:
        """Return the rows of a measure with a figure of the newest cut-off, without the total."""
        return [
            row
            for (code, row), series in self.series.items()
            if code == measure and row != TOTAL and series[-1].cut_off == self.cut_off
        ]


def read_figures(measures: Collection[str], on: datetime.date | None = None) -> PublishedFigures | None:
    """Return the published figures of the measures, of the newest cut-off up to the day; None before the
    first. Two queries."""
    publications = Publication.objects.all() if on is None else Publication.objects.filter(cut_off__lte=on)
    return read_figures_of(publications.order_by("-cut_off").first(), measures)


def read_figures_of(newest: Publication | None, measures: Collection[str]) -> PublishedFigures | None:
    """Return the published figures of the measures up to this publication; None without one. One query."""
    if newest is None:
        return None
    series: dict[tuple[str, str], list[ShownFigure]] = defaultdict(list)
    figures = PublishedFigure.objects.filter(
        measure__in=measures, is_withheld=False, publication__cut_off__lte=newest.cut_off
    ).order_by("publication__cut_off")
    columns = ("measure", "row", "publication__cut_off", "counted", "rows", "amount")
    for measure, row, *figure in figures.values_list(*columns):
        series[measure, row].append(ShownFigure(*figure))
    return PublishedFigures(newest.cut_off, newest.smallest_count, dict(series))


def newest_published(measure: str, on: datetime.date) -> ShownFigure | None:
    """Return the newest figure up to the day of all rows together that is not withheld; None without any. One
    query."""
    figures = PublishedFigure.objects.filter(
        measure=measure, row=TOTAL, is_withheld=False, publication__cut_off__lte=on
    ).order_by("-publication__cut_off")
    figure = figures.values_list("publication__cut_off", "counted", "rows", "amount").first()
    return ShownFigure(*figure) if figure else None
