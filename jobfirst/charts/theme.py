"""The house's look of charts: type, greys that differ in print, dashes and shapes."""

from __future__ import annotations

from typing import Any

FONT = "IBM Plex Sans, Arial, sans-serif"
INK = "#1a1a1a"
GRID = "#d4d4d4"
#: From dark to light, so that they differ in grey as well: petrol, brown, green, violet, grey.
SHADES = ("#00505c", "#b4690e", "#7fb8a4", "#5b4a8a", "#9aa0a6", "#2b2b2b")
#: Fills of bars lie apart in lightness: dark, middle, light, lighter.
FILLS = ("#00606f", "#7fb1bb", "#c9dfe3", "#454545", "#a8a8a8", "#e2e2e2")
DASHES = ([1, 0], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2], [1, 2])
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down")
TEXT_SIZE = 14


def config() -> dict[str, Any]:
    """Return the configuration of a chart."""
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": TEXT_SIZE,
        "titleFontSize": TEXT_SIZE,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": GRID,
        "domainColor": INK,
        "tickColor": INK,
    }
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": axis,
        "text": {"font": FONT, "fontSize": TEXT_SIZE, "color": INK},
        "aria": False,
    }


def nth(choices: tuple[Any, ...], number: int) -> Any:
    """Return the choice for the series with this number; after the last one the first again."""
    return choices[number % len(choices)]
