"""A chart as an Altair definition: the only module that knows how it is drawn."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from jobfirst.charts import theme
from jobfirst.charts.values import Chart, ChartKind, ChartSeries

if TYPE_CHECKING:
    import altair

#: The most categories that are named along a chart's foot.
MOST_NAMES = 7
#: The least distance between two labels at the ends of lines, as a share of the chart's height.
LABEL_DISTANCE = 0.075
#: The most letters in a line of a name beside a bar, so that the chart fits a phone.
NAME_LETTERS = 20
#: In pixels: the height of such a line, the least distance between two names, the height of a single bar.
LINE_HEIGHT = 17
NAME_DISTANCE = 9
BAR_HEIGHT = 24
#: In pixels: the room for a letter, and the least for the longest bar.
LETTER_WIDTH = 7
LEAST_BAR_WIDTH = 60


def definition(chart: Chart) -> dict[str, Any]:
    """Return the chart as Vega-Lite."""
    draw = {
        ChartKind.LINES: _lines,
        ChartKind.BARS: _bars,
        ChartKind.STACKED: _stacked,
        ChartKind.INTERVALS: _intervals,
    }[chart.kind]
    layers = draw(chart)
    if chart.target is not None and chart.kind is not ChartKind.BARS:
        layers.append(_target(chart))
    import altair

    drawing = altair.layer(*layers).properties(width=_plot_width(chart), height=_plot_height(chart))
    specification: dict[str, Any] = drawing.to_dict(validate=False)
    return {
        **specification,
        "config": theme.config(),
        "padding": {"left": 10, "right": 26, "top": 6, "bottom": 4},
    }


def _plot_width(chart: Chart) -> int:
    """Return the width of the plot itself: beside it there is room for the names of lines or bars, and for
    the values of bars."""
    if chart.kind is ChartKind.BARS:
        names = max(len(line) for name in chart.categories for line in _name_lines(name))
        values = max(len(chart.written(value)) for value in chart.series[0].values)
        return max(chart.width - LETTER_WIDTH * (names + values), LEAST_BAR_WIDTH)
    longest = max((len(str(series.name)) for series in chart.series), default=0)
    is_named = chart.kind is ChartKind.LINES and len(chart.series) > 1
    return chart.width - (40 + LETTER_WIDTH * longest if is_named else 60)


def _plot_height(chart: Chart) -> int:
    """Return the height of the plot itself: of bars so that every name has room for all of its lines."""
    return chart.height if chart.kind is not ChartKind.BARS else sum(map(_bar_room, chart.categories))


def _name_lines(name: str) -> list[str]:
    """Return the lines of a name beside a bar."""
    return textwrap.wrap(name, NAME_LETTERS) or [""]


def _bar_room(name: str) -> int:
    """Return the height of a bar with its name and the distance to the next one."""
    return max(BAR_HEIGHT, len(_name_lines(name)) * LINE_HEIGHT) + NAME_DISTANCE


def _data(rows: Sequence[dict[str, Any]]) -> altair.Data:
    import altair

    return altair.Data(values=list(rows))


def _points(chart: Chart, number: int, series: ChartSeries) -> list[dict[str, Any]]:
    return [
        {"place": place, "category": category, "value": None if value is None else float(value), "n": number}
        for place, (category, value) in enumerate(zip(chart.categories, series.values, strict=True))
    ]


def _x(chart: Chart) -> altair.X:
    """Return the axis of the categories in their order, with as many names as fit."""
    import altair

    step = -(-len(chart.categories) // MOST_NAMES)
    named = [category for place, category in enumerate(chart.categories) if place % step == 0]
    return altair.X(
        "category:O",
        sort=list(chart.categories),
        title=None,
        scale=altair.Scale(padding=0.4),
        axis=altair.Axis(values=named, labelAngle=0, labelOverlap=True, labelSeparation=8, grid=False),
    )


def _top(chart: Chart) -> float:
    values = [float(value) for series in chart.series for value in series.values if value is not None]
    if chart.kind is ChartKind.STACKED:
        values = [
            sum(float(series.values[place] or 0) for series in chart.series)
            for place in range(len(chart.categories))
        ]
    ends = [
        float(interval.high)
        for series in chart.series
        for interval in series.intervals
        if interval is not None
    ]
    fixed = [float(end) for end in (chart.top, chart.target) if end is not None]
    return max([*values, *ends, *fixed, 1])


def _bottom(chart: Chart) -> float:
    values = [float(value) for series in chart.series for value in series.values if value is not None]
    ends = [
        float(interval.low)
        for series in chart.series
        for interval in series.intervals
        if interval is not None
    ]
    return min([*values, *ends, 0])


def _y(chart: Chart, field: str = "value") -> altair.Y:
    import altair

    is_whole = _top(chart) - _bottom(chart) >= 4
    axis = altair.Axis(
        tickCount=4,
        format=",.1f" if not is_whole else ",.0f",
        domain=False,
        ticks=False,
        title=chart.unit or None,
    )
    if chart.unit:
        axis = altair.Axis(
            tickCount=4,
            format=",.0f" if is_whole else ",.1f",
            domain=False,
            ticks=False,
            title=chart.unit,
            titleAngle=0,
            titleAlign="left",
            titleAnchor="end",
            titleX=0,
            titleY=-10,
        )
    scale = altair.Scale(domain=[_bottom(chart), _top(chart)], nice=True)
    return altair.Y(f"{field}:Q", title=chart.unit or None, scale=scale, axis=axis)


def _lines(chart: Chart) -> list[altair.Chart]:
    import altair

    layers = []
    for number, series in enumerate(chart.series):
        colour = theme.nth(theme.SHADES, number)
        base = altair.Chart(_data(_points(chart, number, series)))
        line = base.mark_line(
            color=colour, strokeWidth=2.5, strokeDash=theme.nth(theme.DASHES, number), interpolate="linear"
        )
        points = base.mark_point(
            color=colour, fill=colour, shape=theme.nth(theme.SHAPES, number), size=36, opacity=1
        )
        layers += [mark.encode(x=_x(chart), y=_y(chart)) for mark in (line, points)]
    return layers + (_line_names(chart) if len(chart.series) > 1 else [_last_value(chart)])


def _ends(chart: Chart) -> list[tuple[int, ChartSeries, float]]:
    """Return the series with their last known values, the lowest first."""
    ends = []
    for number, series in enumerate(chart.series):
        known = [float(value) for value in series.values if value is not None]
        if known:
            ends.append((number, series, known[-1]))
    return sorted(ends, key=lambda end: end[2])


def _line_names(chart: Chart) -> list[altair.Chart]:
    """Return the names at the ends of the lines, so far apart that they can be read."""
    import altair

    distance = LABEL_DISTANCE * (_top(chart) - _bottom(chart)) * 220 / chart.height
    names, last = [], float("-inf")
    for number, series, value in _ends(chart):
        last = max(value, last + distance)
        row = {"category": chart.categories[-1], "value": last, "name": str(series.name)}
        mark = altair.Chart(_data([row])).mark_text(
            align="left", dx=9, color=theme.nth(theme.SHADES, number), fontWeight="bold"
        )
        names.append(mark.encode(x=_x(chart), y=_y(chart), text="name:N"))
    return names


def _last_value(chart: Chart) -> altair.Chart:
    """Return the last value of the only line, written at its end."""
    import altair

    known = [
        (category, value)
        for category, value in zip(chart.categories, chart.series[0].values, strict=True)
        if value is not None
    ]
    rows = [
        {"category": name, "value": float(value), "name": chart.written(value)} for name, value in known[-1:]
    ]
    mark = altair.Chart(_data(rows)).mark_text(align="left", dx=8, fontWeight="bold")
    named: altair.Chart = mark.encode(x=_x(chart), y=_y(chart), text="name:N")
    return named


def _bars(chart: Chart) -> list[altair.Chart]:
    """Return a bar for each category, its name to the left and its value to the right, one below the other.

    The names are no labels of an axis: those begin in the middle of their bar and run into the next name.
    """
    import altair

    down = altair.Scale(domain=[_plot_height(chart), 0], nice=False)
    x = altair.X("value:Q", scale=altair.Scale(domain=[_bottom(chart), _top(chart)]), axis=None)

    def y(field: str) -> altair.Y:
        return altair.Y(f"{field}:Q", scale=down, axis=None)

    base = altair.Chart(_data(_bar_rows(chart)))
    values = base.mark_text(align="left", dx=4).encode(x=x, y=y("middle"), text="label:N")
    names = base.mark_text(align="right", dx=-6, lineHeight=LINE_HEIGHT)
    return [
        base.mark_rect(fill=theme.FILLS[0]).encode(x=x, x2="start:Q", y=y("top"), y2="foot:Q"),
        values,
        names.encode(x=altair.value(0), y=y("first_line"), text="lines:N"),
        altair.Chart(_data([{"start": 0}]))
        .mark_rule(color=theme.INK)
        .encode(x=altair.X("start:Q", axis=None)),
    ]


def _bar_rows(chart: Chart) -> list[dict[str, Any]]:
    """Return what is drawn of each bar: its value and where it begins, its label, the lines of its name.

    In pixels from above: its ends, its middle, and where the first line of the name stands.
    """
    (series,) = chart.series
    rows: list[dict[str, Any]] = []
    top = 0.0
    for point in _points(chart, 0, series):
        lines, room = _name_lines(point["category"]), _bar_room(point["category"])
        middle = top + room / 2
        rows.append(
            {
                **point,
                "lines": lines,
                "label": chart.written(series.values[point["place"]]),
                "start": 0,
                "top": middle - BAR_HEIGHT / 2,
                "middle": middle,
                "foot": middle + BAR_HEIGHT / 2,
                "first_line": middle - (len(lines) - 1) * LINE_HEIGHT / 2,
            }
        )
        top += room
    return rows


def _stacked(chart: Chart) -> list[altair.Chart]:
    import altair

    names = [str(series.name) for series in chart.series]
    rows = [
        {**point, "name": str(series.name)}
        for number, series in enumerate(chart.series)
        for point in _points(chart, number, series)
    ]
    fills = [theme.nth(theme.FILLS, number) for number in range(len(names))]
    colour = altair.Color(
        "name:N",
        sort=names,
        scale=altair.Scale(domain=names, range=fills),
        legend=altair.Legend(
            orient="top",
            title=None,
            labelFontSize=theme.TEXT_SIZE,
            labelLimit=220,
            columns=2,
            columnPadding=26,
            symbolType="square",
        ),
    )
    bars = altair.Chart(_data(rows)).mark_bar(stroke=theme.INK, strokeWidth=0.6)
    return [bars.encode(x=_x(chart), y=_y(chart), color=colour, order=altair.Order("n:Q"))]


def _intervals(chart: Chart) -> list[altair.Chart]:
    """Return a point with its interval for each category; several series stand beside each other."""
    import altair

    layers = []
    names = [str(series.name) for series in chart.series]
    for number, series in enumerate(chart.series):
        rows = []
        for point, interval in zip(
            _points(chart, number, series), series.intervals or [None] * len(series.values), strict=True
        ):
            ends = {} if interval is None else {"low": float(interval.low), "high": float(interval.high)}
            rows.append({**point, **ends, "name": str(series.name)})
        base = altair.Chart(_data(rows)).encode(x=_x(chart))
        if len(names) > 1:
            base = base.encode(xOffset=altair.XOffset("name:N", sort=names))
        colour = theme.nth(theme.SHADES, number)
        bars = base.mark_rule(color=colour, strokeWidth=2, strokeDash=theme.nth(theme.DASHES, number))
        points = base.mark_point(
            color=colour, fill=colour, shape=theme.nth(theme.SHAPES, number), size=55, opacity=1
        )
        layers += [bars.encode(y=_y(chart, "low"), y2="high:Q"), points.encode(y=_y(chart))]
    return layers


def _target(chart: Chart) -> altair.Chart:
    import altair

    rule = altair.Chart(_data([{"value": float(chart.target or 0)}])).mark_rule(
        color=theme.INK, strokeDash=[3, 3], strokeWidth=1.5
    )
    line: altair.Chart = rule.encode(y=_y(chart))
    return line
