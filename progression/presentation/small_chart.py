"""A small chart of one category over time as SVG: the scores against the first answer."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from jobfirst.kit.days import written_day
from progression.rules.progress import HIGHEST_SCORE, DatedScore

WIDTH, HEIGHT = 300, 120
LEFT, RIGHT, TOP, BOTTOM = 24, 12, 10, 22


@dataclass(frozen=True)
class ChartLine:
    """A line of the chart: its kind (a CSS class) and its scores in order of days."""

    kind: str
    scores: Sequence[DatedScore]


@dataclass(frozen=True)
class _Frame:
    """Where days and scores lie in the chart."""

    first: datetime.date
    last: datetime.date

    def x(self, day: datetime.date) -> int:
        """Return the place of a day; a single day lies in the middle."""
        width = WIDTH - LEFT - RIGHT
        days = (self.last - self.first).days
        return LEFT + (round(width * (day - self.first).days / days) if days else width // 2)

    @staticmethod
    def y(score: float) -> int:
        """Return the place of a score on the common scale."""
        return HEIGHT - BOTTOM - round((HEIGHT - TOP - BOTTOM) * score / HIGHEST_SCORE)


def small_chart(
    label: str, lines: Sequence[ChartLine], days: tuple[datetime.date, datetime.date]
) -> SafeString:
    """Return the chart: the scale, the first answer as a dashed line, and the scores with their dots."""
    frame = _Frame(*days)
    shapes = [_first_answer(line, frame) for line in lines[:1]] + [_line(line, frame) for line in lines]
    return format_html(
        '<svg class="jf-small-chart" viewBox="0 0 {} {}" role="img" aria-label="{}"'
        ' xmlns="http://www.w3.org/2000/svg">{}{}</svg>',
        WIDTH,
        HEIGHT,
        _("%(category)s over time; the table below says the same.") % {"category": label},
        _axes(frame),
        SafeString("".join(shapes)),  # nosec B703 - of escaped parts
    )


def _axes(frame: _Frame) -> SafeString:
    """Return the lines of the lowest, middle and highest score, and the first and the last day."""
    marks = format_html_join(
        "",
        '<line class="grid" x1="{0}" y1="{1}" x2="{2}" y2="{1}"/>'
        '<text class="axis" x="{3}" y="{4}" text-anchor="end">{5}</text>',
        (
            (LEFT, frame.y(score), WIDTH - RIGHT, LEFT - 6, frame.y(score) + 4, score)
            for score in (0, HIGHEST_SCORE // 2, HIGHEST_SCORE)
        ),
    )
    days = [(frame.first, "start"), (frame.last, "end")][: 1 if frame.first == frame.last else 2]
    names = format_html_join(
        "",
        '<text class="axis" x="{}" y="{}" text-anchor="{}">{}</text>',
        (
            (
                frame.x(day),
                HEIGHT - 6,
                "middle" if len(days) == 1 else anchor,
                written_day(day, "j. M y").lower(),
            )
            for day, anchor in days
        ),
    )
    return marks + names


def _first_answer(line: ChartLine, frame: _Frame) -> SafeString:
    if not line.scores:
        return SafeString("")
    y = frame.y(float(line.scores[0].score))
    return format_html('<line class="first" x1="{}" y1="{}" x2="{}" y2="{}"/>', LEFT, y, WIDTH - RIGHT, y)


def _line(line: ChartLine, frame: _Frame) -> SafeString:
    places = [(frame.x(score.on), frame.y(float(score.score))) for score in line.scores]
    points = " ".join(f"{x},{y}" for x, y in places)
    dots = format_html_join("", '<circle class="dot" cx="{}" cy="{}" r="3.5"/>', places)
    return format_html('<g class="{}"><polyline points="{}"/>{}</g>', line.kind, points, dots)
