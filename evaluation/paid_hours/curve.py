"""The curve of a course's hours (D20, D38): agreed hours a week as steps, against the paid hours by month.

Plain values: hours and days in, coordinates out. The unit is a pixel of a drawing that is WIDTH wide; the
page scales it. Paid hours of a month are drawn as hours a week, so that they compare with the agreed ones.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from companies.rules.agreed_hours import HoursSpan
from jobfirst.values.dates import DAY, WEEK, DateSpan

WIDTH = 960
HEIGHT = 250
LEFT = 44  # room for the numbers of the axis
RIGHT = 12
TOP = 14
FOOT = 40  # room for the months, and the word "today" below them
_MIN_MONTH = 44  # pixels between two names of months
_STEPS = (1, 2, 5, 10, 20, 50)  # hours between two lines of the axis
_MOST_LINES = 6


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """The paid hours of a month, by its first day."""

    month: datetime.date
    hours: Decimal

    @property
    def span(self) -> DateSpan:
        """The days of the month."""
        days = calendar.monthrange(self.month.year, self.month.month)[1]
        return DateSpan(self.month, self.month + (days - 1) * DAY)

    @property
    def hours_a_week(self) -> Decimal:
        """The hours of the month for each seven days of it, rounded to a tenth."""
        return (self.hours * 7 / self.span.days).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class PaidBar:
    """The bar of a month's paid hours."""

    paid: PaidMonth
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class AxisLine:
    """A line of the axis of hours."""

    hours: int
    y: float


@dataclass(frozen=True, slots=True)
class MonthMark:
    """The first day of a month on the axis of days, with or without its name."""

    day: datetime.date
    x: float
    named: bool


@dataclass(frozen=True, slots=True)
class HoursCurve:
    """Everything that is drawn. The paths of agreed hours are those of SVG."""

    bars: Sequence[PaidBar]
    internship_path: str
    ordinary_path: str
    lines: Sequence[AxisLine]
    months: Sequence[MonthMark]
    today_x: float | None
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - FOOT


def draw(
    agreed: Sequence[HoursSpan], paid: Sequence[PaidMonth], days: DateSpan, today: datetime.date
) -> HoursCurve:
    """Return the layout over the days; what lies outside them is cut off."""
    highest = max(
        [
            *(part.hours.internship for part in agreed),
            *(part.hours.ordinary for part in agreed),
            *(month.hours_a_week for month in paid),
            Decimal(1),
        ]
    )
    step = next((step for step in _STEPS if highest <= step * (_MOST_LINES - 1)), _STEPS[-1])
    top_hours = step * -(-int(highest.to_integral_value("ROUND_CEILING")) // step)
    ruler = _CurveScale(days, top_hours)
    return HoursCurve(
        bars=[ruler.bar(month) for month in paid if month.span.overlaps(days)],
        internship_path=ruler.path((part.span, part.hours.internship) for part in agreed),
        ordinary_path=ruler.path((part.span, part.hours.ordinary) for part in agreed),
        lines=[AxisLine(hours, ruler.y(Decimal(hours))) for hours in range(0, top_hours + 1, step)],
        months=list(ruler.months()),
        today_x=ruler.x(today) if today in days else None,
    )


def drawn_days(
    agreed: Sequence[HoursSpan], paid: Sequence[PaidMonth], started_on: datetime.date, today: datetime.date
) -> DateSpan:
    """Return the days of the drawing: whole months, from the course's start or the first hours to the last
    known hours; an open end goes on for 13 weeks."""
    firsts = [started_on, *(month.month for month in paid), *(part.span.first for part in agreed)]
    ahead = today + 13 * WEEK
    lasts = [min(part.span.last or ahead, ahead) for part in agreed] + [month.span.last_day for month in paid]
    last = max([*lasts, min(firsts), today])
    return DateSpan(min(firsts).replace(day=1), PaidMonth(last.replace(day=1), Decimal(0)).span.last_day)


class _CurveScale:
    """Converts days and hours to pixels."""

    def __init__(self, days: DateSpan, top_hours: int) -> None:
        self.days = days
        self.a_day = (WIDTH - LEFT - RIGHT) / days.days
        self.an_hour = (HEIGHT - TOP - FOOT) / top_hours

    def x(self, day: datetime.date) -> float:
        """Return the left edge of a day."""
        return round(LEFT + (day - self.days.first).days * self.a_day, 1)

    def y(self, hours: Decimal) -> float:
        """Return the height of a number of hours."""
        return round(HEIGHT - FOOT - float(hours) * self.an_hour, 1)

    def bar(self, paid: PaidMonth) -> PaidBar:
        """Return the bar of a month, with a pixel of air on both sides."""
        left, right = self.x(paid.span.first), self.x(paid.span.last_day + DAY)
        y = self.y(paid.hours_a_week)
        return PaidBar(paid, left + 1, y, round(max(1.0, right - left - 2), 1), round(HEIGHT - FOOT - y, 1))

    def path(self, parts: Iterable[tuple[DateSpan, Decimal]]) -> str:
        """Return the steps as an SVG path: a line up or down between parts that follow directly."""
        path, last = "", None
        for span, hours in parts:
            part = DateSpan(max(span.first, self.days.first), span.until(self.days.last_day).last)
            if part.is_empty:
                continue
            move = "L" if last is not None and part.first == last + DAY else "M"
            y = self.y(hours)
            path += f"{move}{self.x(part.first)} {y}H{self.x(part.last_day + DAY)}"
            last = part.last_day
        return path

    def months(self) -> Iterator[MonthMark]:
        """Yield the first day of each month, with a name where there is room."""
        day, named_at = self.days.first, float("-inf")
        while day in self.days:
            x = self.x(day)
            named = x - named_at >= _MIN_MONTH and x <= WIDTH - RIGHT - _MIN_MONTH / 2
            named_at = x if named else named_at
            yield MonthMark(day, x, named)
            day = PaidMonth(day, Decimal(0)).span.last_day + DAY
