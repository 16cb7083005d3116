"""The timeline of a course: phases, placements, activities, gaps and today as positioned shapes (D12, D22).

Plain values: days in, coordinates out; no HTML and no database. The unit is one pixel of a drawing that is
WIDTH wide; the template scales it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cases.rules.gaps import Gap
from cases.rules.phases import PhaseSpan
from jobfirst.values.dates import DAY, LATEST, WEEK, DateSpan

WIDTH = 960
LEFT = 110  # room for the names of the rows
RIGHT = 12
ROW = 30
BAR = 22
TOP = 26  # room for the months
FOOT = 18  # room for the word "today"
_WIDE_ENOUGH = 7.0  # pixels a letter of a bar's own text takes
_MIN_MONTH = 44  # pixels between two names of months


BAR_KINDS = ("sniffing", "internship", "wage_subsidy", "employment", "activity")


@dataclass(frozen=True)
class TimelineBar:
    """Something that fills days of the timeline; without a last day it is open-ended.

    `kind` decides colour and pattern: one of BAR_KINDS for what fills a course's days, or "pause". `label` is
    its text.
    """

    kind: str
    label: str
    span: DateSpan


@dataclass(frozen=True)
class TimelineShape:
    """A positioned bar. `text` is the part of `label` that fits inside it."""

    kind: str
    label: str
    text: str
    x: float
    y: float
    width: float
    span: DateSpan

    @property
    def text_x(self) -> float:
        """The left edge of the text inside the bar."""
        return self.x + 5

    @property
    def text_y(self) -> float:
        """The baseline of the text."""
        return self.y + BAR - 7


@dataclass(frozen=True)
class TimelineMonth:
    """A month on the ruler; not `named` where names would overlap."""

    day: date
    x: float
    named: bool


@dataclass(frozen=True)
class TimelineRow:
    """A row of the timeline with the height of its name."""

    key: str
    y: float

    @property
    def text_y(self) -> float:
        """The baseline of the name."""
        return self.y + BAR - 7


@dataclass(frozen=True)
class TimelinePicture:
    """Everything that the template draws."""

    first: date
    last: date
    height: float
    rows: Sequence[TimelineRow]
    shapes: Sequence[TimelineShape]
    months: Sequence[TimelineMonth]
    today_x: float | None
    width: int = WIDTH
    names_width: int = LEFT
    bar: int = BAR
    top: int = TOP

    @property
    def names_share(self) -> float:
        """The width of the column of names, in percent of the drawing."""
        return round(100 * self.names_width / self.width, 2)

    @property
    def bottom(self) -> float:
        """The lower edge of the last row."""
        return self.height - FOOT

    @property
    def today_y(self) -> float:
        """The baseline of the word below the line of today."""
        return self.height - 4


def draw(
    phases: Iterable[PhaseSpan],
    bars: Iterable[TimelineBar],
    gaps: Iterable[Gap],
    *,
    names: dict[str, str],
    today: date,
    started_on: date,
    weeks: int,
    gap_label: str,
) -> TimelinePicture:
    """Return the layout: one row of phases, as many rows of bars as overlaps need, one row of gaps.

    `names` are the phases in words. The ruler runs from the course's start to the last known day. It covers
    at least `weeks` (the sniffing period's), and four weeks after today while a bar is open-ended.
    """
    phase_bars = [TimelineBar(str(phase.phase), names[str(phase.phase)], phase.span) for phase in phases]
    activities = sorted(bars, key=lambda bar: (bar.span.first, bar.span.last or LATEST))
    gap_bars = [TimelineBar("gap", gap_label, gap.span) for gap in gaps]
    last = _last_day([*phase_bars, *activities, *gap_bars], activities, today, started_on + weeks * WEEK)
    ruler = _Ruler(started_on, last)
    visible = [bar for bar in activities if bar.span.overlaps(DateSpan(started_on))]
    lanes = [("phases", phase_bars), *(("activities", lane) for lane in _lanes(visible))]
    if gap_bars:
        lanes.append(("gaps", gap_bars))
    lane_tops = [TOP + number * ROW for number in range(len(lanes))]
    row_tops: dict[str, float] = {}
    for (key, _bars), y in zip(lanes, lane_tops, strict=True):
        row_tops.setdefault(key, y)  # the name stands beside the first lane
    return TimelinePicture(
        first=started_on,
        last=last,
        height=lane_tops[-1] + ROW + FOOT,
        rows=[TimelineRow(key, y) for key, y in row_tops.items()],
        shapes=[
            ruler.shape(bar, y) for (_key, lane), y in zip(lanes, lane_tops, strict=True) for bar in lane
        ],
        months=ruler.months(),
        today_x=ruler.x(today) if today in DateSpan(started_on, last) else None,
    )


def _last_day(
    bars: Sequence[TimelineBar], activities: Sequence[TimelineBar], today: date, at_least: date
) -> date:
    """Return the last day of the ruler, `at_least` or later."""
    last_days = [bar.span.last for bar in bars if bar.span.last is not None]
    if len(last_days) < len(bars) or not last_days:
        begins = [bar.span.first for bar in activities if bar.span.last is None]
        last_days.append(max([today, *begins]) + 4 * WEEK)
    return max([*last_days, at_least])


def _lanes(bars: Iterable[TimelineBar]) -> list[list[TimelineBar]]:
    """Return the bars in rows without overlaps; each bar is in the first row with room."""
    lanes: list[list[TimelineBar]] = []
    for bar in bars:
        for lane in lanes:
            lane_end = lane[-1].span.last
            if lane_end is not None and lane_end < bar.span.first:
                lane.append(bar)
                break
        else:
            lanes.append([bar])
    return lanes


class _Ruler:
    """Converts days to pixels."""

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.last = last
        self.per_day = (WIDTH - LEFT - RIGHT) / ((last - first).days + 1)

    def x(self, day: date) -> float:
        """Return the left edge of a day."""
        return round(LEFT + (day - self.first).days * self.per_day, 1)

    def shape(self, bar: TimelineBar, y: float) -> TimelineShape:
        """Return a bar from its first day's left edge to its last day's right edge, cut to the ruler."""
        last = min(bar.span.last or self.last, self.last)
        left = self.x(max(bar.span.first, self.first))
        width = round(max(self.x(last + DAY) - left, 2.0), 1)
        fits = 0 if bar.kind == "gap" else int((width - 10) / _WIDE_ENOUGH)  # a gap's hatch says it all
        text = bar.label if len(bar.label) <= fits else (bar.label[: fits - 1] + "…" if fits > 3 else "")
        return TimelineShape(bar.kind, bar.label, text, left, y, width, bar.span)

    def months(self) -> list[TimelineMonth]:
        """Return the ruler's first day and the first day of each later month."""
        months = [TimelineMonth(self.first, LEFT, named=True)]
        named_at = float(LEFT)
        day = date(self.first.year, self.first.month, 1)
        while day <= self.last:
            if day > self.first:
                x = self.x(day)
                named = x - named_at >= _MIN_MONTH and x < WIDTH - RIGHT - _MIN_MONTH / 2
                named_at = x if named else named_at
                months.append(TimelineMonth(day, x, named))
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return months
