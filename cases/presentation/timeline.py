"""The picture of a course: phases, what fills the days, gaps and today, as shapes to be drawn (D12, D22).

Nothing here knows HTML or a database: days in, places on a ruler out. The unit of the ruler is one pixel of a
picture WIDTH wide; the template scales it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cases.rules.gaps import Gap
from cases.rules.phases import Span

WIDTH = 960
LEFT = 110  # room for the names of the rows
RIGHT = 12
ROW = 30
BAR = 22
TOP = 26  # room for the months
FOOT = 18  # room for the word "today"
_DAY = timedelta(days=1)
_WIDE_ENOUGH = 7.0  # pixels a letter of a bar's own text takes
_MIN_MONTH = 44  # pixels between two names of months


@dataclass(frozen=True)
class Item:
    """What is to be drawn: a kind (decides colour and pattern), words, and its days, both included."""

    kind: str
    label: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Shape:
    """A bar in its place. `text` is what fits inside it, `label` all that it says."""

    kind: str
    label: str
    text: str
    x: float
    y: float
    width: float
    first: date
    last: date | None

    @property
    def text_x(self) -> float:
        """Where the text inside the bar begins."""
        return self.x + 5

    @property
    def text_y(self) -> float:
        """The text's base line."""
        return self.y + BAR - 7


@dataclass(frozen=True)
class Month:
    """A month's place on the ruler; unnamed where names would run together."""

    day: date
    x: float
    named: bool


@dataclass(frozen=True)
class Row:
    """A row of the picture and the height at which its name stands."""

    key: str
    y: float

    @property
    def text_y(self) -> float:
        """The name's base line."""
        return self.y + BAR - 7


@dataclass(frozen=True)
class Picture:
    """All there is to draw."""

    first: date
    last: date
    height: float
    rows: Sequence[Row]
    shapes: Sequence[Shape]
    months: Sequence[Month]
    today_x: float | None
    width: int = WIDTH
    bar: int = BAR
    top: int = TOP

    @property
    def bottom(self) -> float:
        """Where the last row ends."""
        return self.height - FOOT

    @property
    def today_y(self) -> float:
        """The base line of the word under the line of today."""
        return self.height - 4


def draw(
    phases: Iterable[Span],
    bars: Iterable[Item],
    gaps: Iterable[Gap],
    *,
    names: dict[str, str],
    today: date,
    started_on: date,
    gap_label: str,
) -> Picture:
    """Lay out the picture: one row of phases, as many rows of bars as overlap needs, one of gaps.

    `names` says the phases in words. The ruler runs from the course's start to the last known day, and
    at least four weeks past today while something runs on.
    """
    spans = list(phases)
    items = sorted(bars, key=lambda item: (item.first, item.last or date.max))
    holes = list(gaps)
    first, last = _reach(spans, items, holes, today, started_on)
    ruler = _Ruler(first, last)
    shapes = [
        ruler.shape(Item(str(span.phase), names[str(span.phase)], span.first, span.last), TOP)
        for span in spans
    ]
    rows = [Row("phases", TOP)]
    y = TOP
    for lane in _lanes(item for item in items if item.last is None or item.last >= first):
        y += ROW
        if len(rows) == 1:
            rows.append(Row("activities", y))
        shapes += [ruler.shape(item, y) for item in lane]
    if holes:
        y += ROW
        rows.append(Row("gaps", y))
        shapes += [ruler.shape(Item("gap", gap_label, gap.first, gap.last), y) for gap in holes]
    return Picture(
        first=first,
        last=last,
        height=y + ROW + FOOT,
        rows=rows,
        shapes=shapes,
        months=ruler.months(),
        today_x=ruler.x(today) if first <= today <= last else None,
    )


def _reach(
    spans: Sequence[Span], items: Sequence[Item], holes: Sequence[Gap], today: date, started_on: date
) -> tuple[date, date]:
    """The first and the last day of the ruler."""
    lasts = [span.last for span in spans] + [item.last for item in items] + [gap.last for gap in holes]
    known = [last for last in lasts if last is not None]
    if len(known) < len(lasts) or not known:
        begins = [item.first for item in items if item.last is None]
        known.append(max([today, *begins]) + timedelta(weeks=4))
    return started_on, max([*known, started_on + timedelta(weeks=13)])


def _lanes(items: Iterable[Item]) -> list[list[Item]]:
    """Items in rows such that none overlaps another of its row; each in the first row with room."""
    lanes: list[list[Item]] = []
    for item in items:
        for lane in lanes:
            before = lane[-1].last
            if before is not None and before < item.first:
                lane.append(item)
                break
        else:
            lanes.append([item])
    return lanes


class _Ruler:
    """Days to pixels."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.last = last
        self.per_day = (WIDTH - LEFT - RIGHT) / ((last - first).days + 1)

    def x(self, day: date) -> float:
        """The left edge of a day."""
        return round(LEFT + (day - self.first).days * self.per_day, 1)

    def shape(self, item: Item, y: float) -> Shape:
        """A bar from the first day's left edge to the last day's right, cut to the ruler."""
        last = min(item.last or self.last, self.last)
        left = self.x(max(item.first, self.first))
        width = round(max(self.x(last + _DAY) - left, 2.0), 1)
        fits = 0 if item.kind == "gap" else int((width - 10) / _WIDE_ENOUGH)  # a gap's hatch says it all
        text = item.label if len(item.label) <= fits else (item.label[: fits - 1] + "…" if fits > 3 else "")
        return Shape(item.kind, item.label, text, left, y, width, item.first, item.last)

    def months(self) -> list[Month]:
        """The ruler's first day, and each first of a month after it."""
        found = [Month(self.first, LEFT, named=True)]
        named_at = float(LEFT)
        day = date(self.first.year, self.first.month, 1)
        while day <= self.last:
            if day > self.first:
                x = self.x(day)
                named = x - named_at >= _MIN_MONTH and x < WIDTH - RIGHT - _MIN_MONTH / 2
                named_at = x if named else named_at
                found.append(Month(day, x, named))
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return found
