"""Charts as SVG, cached by what they show: drawing takes a fifth of a second, reading the cache nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from django.core.cache import cache
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from jobfirst.charts.values import Chart

#: Changed when `definitions` or `theme` draw the same values in another way.
VERSION = 6
CACHED_SECONDS = 90 * 24 * 3600
#: What the drawing library says of its parts; the chart is one picture with a text of its own.
_ARIA = re.compile(r' (?:role|aria-[a-z]+|class|pointer-events)="[^"]*"')
_SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)" viewBox="([^"]*)">')


def chart_svg(chart: Chart) -> SafeString:
    """Return the chart as an SVG element with its title and its sentence for screen readers.

    Without style elements or attributes, as the content security policy demands; it is as
    wide as it was drawn, so that the letters of all charts are alike, and narrower where its box is.
    """
    shapes, view_box = _drawn(chart)
    return format_html(
        '<svg class="jf-chart-picture" width="{}" viewBox="{}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">'
        "<title>{}</title><desc>{}</desc>{}</svg>",
        view_box.split()[2],
        view_box,
        f"{chart.title}. {chart.sentence}",
        chart.title,
        chart.sentence,
        SafeString(shapes),  # nosec B703 - of escaped parts
    )


def chart_key(chart: Chart) -> str:
    """Return the cache key of a chart: a hash of all that is drawn, and of the reader's language."""
    content = {**asdict(chart), "sentence": "", "note": "", "language": get_language(), "version": VERSION}
    digest = hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()
    return f"chart:{digest}"


def small_multiples(charts: Iterable[Chart]) -> list[Chart]:
    """Return the charts small and with the same axis of values, so that they compare side by side."""
    several = list(charts)
    values = [
        float(value)
        for chart in several
        for series in chart.series
        for value in [*series.values, *(interval.high for interval in series.intervals if interval)]
        if value is not None
    ]
    top = max([*values, *(float(chart.top) for chart in several if chart.top is not None)], default=1)
    return [replace(chart, top=top, width=280, height=120) for chart in several]


def _drawn(chart: Chart) -> tuple[str, str]:
    """Return what stands inside the chart's SVG element, and its view box."""
    key = chart_key(chart)
    cached: tuple[str, str] | None = cache.get(key)
    if cached is None:
        cached = _draw(chart)
        cache.set(key, cached, CACHED_SECONDS)
    return cached


def _draw(chart: Chart) -> tuple[str, str]:
    import vl_convert

    from jobfirst.charts.definitions import definition

    locale: dict[str, Any] = {"format_locale": "da-DK"} if get_language() == "da" else {}
    svg = vl_convert.vegalite_to_svg(definition(chart), **locale)
    start = _SIZE.search(svg)
    if start is None:
        raise ValueError(f"the drawing of the chart {escape(chart.title)} has no size")
    inner = svg[start.end() : svg.rindex("</svg>")]
    return _ARIA.sub("", inner), start.group(3)
