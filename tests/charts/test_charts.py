"""Charts: an SVG that the page may show, with words and numbers beside it, drawn once."""

import itertools
import re

import pytest
from django.core.cache import cache
from django.template.loader import render_to_string
from django.utils.translation import override

from jobfirst.charts import drawing
from jobfirst.charts.definitions import definition
from jobfirst.charts.drawing import chart_key, chart_svg, small_multiples
from jobfirst.charts.values import Chart, ChartKind, ChartSeries, Interval, written_value

MONTHS = ["jan. 2016", "feb. 2016", "mar. 2016"]
TWO_LINES = Chart(
    kind=ChartKind.LINES,
    title="Ordinære timer",
    sentence="I marts 2016 var gennemsnittet 3,4 timer om ugen.",
    category_title="Måned",
    categories=MONTHS,
    series=[ChartSeries("Deltagere", [0.5, None, 3.4]), ChartSeries("Kontrolgruppe", [0.5, 0.6, 0.7])],
    unit="timer",
    decimals=1,
)
INTERVALS = Chart(
    ChartKind.INTERVALS,
    "Forskel",
    "Forskellen er 2 timer.",
    "Måned",
    MONTHS,
    [ChartSeries("Forskel", [1, 2, 2], [Interval(-1, 3), None, Interval(0, 4)])],
)
BARS = Chart(
    ChartKind.BARS, "Typer", "Flest i praktik.", "Type", ["Praktik", "Job"], [ChartSeries("Antal", [7, 2])]
)
STACKED = Chart(
    ChartKind.STACKED,
    "Faser",
    "Flest snuser.",
    "Måned",
    MONTHS,
    [ChartSeries("Snuseperiode", [1, 2, 3]), ChartSeries("Praktik", [0, 1, 2])],
)


@pytest.fixture(autouse=True)
def _danish():
    cache.clear()
    with override("da"):
        yield


@pytest.mark.parametrize("chart", [TWO_LINES, INTERVALS, BARS, STACKED], ids=lambda chart: chart.kind)
def test_the_picture_keeps_to_the_content_security_policy_and_names_itself(chart):
    svg = str(chart_svg(chart))
    assert not re.search(r"style|<script|href|url\(", svg)
    assert svg.count('role="') == 1
    assert f"<title>{chart.title}</title><desc>{chart.sentence}</desc>" in svg


def test_lines_differ_without_colour():
    layers = definition(TWO_LINES)["layer"]
    dashes = [layer["mark"]["strokeDash"] for layer in layers if layer["mark"]["type"] == "line"]
    shapes = [layer["mark"]["shape"] for layer in layers if layer["mark"]["type"] == "point"]
    assert len({tuple(dash) for dash in dashes}) == len(set(shapes)) == 2
    svg = str(chart_svg(TWO_LINES))
    assert "Deltagere</text>" in svg
    assert "Kontrolgruppe</text>" in svg


def test_numbers_are_danish():
    lonely = Chart(
        ChartKind.LINES,
        "T",
        "S",
        "M",
        MONTHS,
        [ChartSeries("Timer", [0.5, 1.2, 1.7])],
        unit="timer",
        decimals=1,
    )
    svg = str(chart_svg(lonely))
    assert "1,7 timer</text>" in svg
    assert "0,5</text>" in svg
    assert "0.5</text>" not in svg


def test_the_table_says_the_same():
    page = render_to_string("charts/chart.html", {"chart": TWO_LINES})
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    assert cells == ["0,5 timer", "0,5 timer", "–", "0,6 timer", "3,4 timer", "0,7 timer"]
    assert "3,4 timer om ugen" in page
    assert "0 til 4" in render_to_string("charts/chart.html", {"chart": INTERVALS})


def test_nothing_known_is_no_picture():
    empty = Chart(ChartKind.LINES, "T", "Ingen tal endnu.", "M", MONTHS, [ChartSeries("Timer", [None] * 3)])
    page = render_to_string("charts/chart.html", {"chart": empty})
    assert "<svg" not in page
    assert "Ingen tal endnu." in page


def test_the_same_numbers_are_drawn_once(monkeypatch):
    chart_svg(BARS)
    monkeypatch.setattr(drawing, "_draw", lambda chart: pytest.fail("drawn again"))
    chart_svg(BARS)


def test_other_numbers_or_another_language_are_another_picture():
    other = Chart(
        ChartKind.BARS,
        "Typer",
        "Flest i praktik.",
        "Type",
        ["Praktik", "Job"],
        [ChartSeries("Antal", [7, 3])],
    )
    keys = {chart_key(BARS), chart_key(other)}
    with override("en"):
        keys.add(chart_key(BARS))
    assert len(keys) == 3


def test_a_long_name_beside_a_bar_stands_whole_on_several_lines():
    chart = Chart(
        ChartKind.BARS,
        "Kontakt",
        "Flest i Sorø.",
        "Projekt",
        ["Sorø i samarbejde med Ringsted", 'Kommunen "Øst"'],
        [ChartSeries("Antal", [7, 2])],
    )
    texts = re.findall(r"<tspan[^>]*>([^<]+)</tspan>|<text[^>]*>([^<]+)</text>", str(chart_svg(chart)))
    words = [first or second for first, second in texts]
    assert {"Sorø i samarbejde", "med Ringsted"} <= set(words)
    assert any("Øst" in word for word in words)


def test_names_beside_bars_never_run_into_each_other():
    names = [
        "Haderslev",
        "Sorø i samarbejde med Ringsted",
        "Syddjurs",
        "Jobcenter " * 8,
        "Vallensbæk i samarbejde med Ishøj",
    ]
    chart = Chart(ChartKind.BARS, "T", "S", "Projekt", names, [ChartSeries("Antal", [5, 4, 3, 2, 1])])
    texts = re.findall(
        r'<text text-anchor="end" transform="translate\([-\d.]+,([-\d.]+)\)"[^>]*>(.*?)</text>',
        str(chart_svg(chart)),
    )
    spans = [(float(y), float(y) + 17 * max(text.count("<tspan") - 1, 0)) for y, text in texts]
    assert len(spans) == len(names)
    distances = [below[0] - above[1] for above, below in itertools.pairwise(spans)]
    assert min(distances) >= 14


def test_small_multiples_share_their_scale():
    first, second = small_multiples([BARS, STACKED])
    assert first.top == second.top == 7
    assert first.width < BARS.width


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.04, "0,0 timer"), (-0.06, "−0,1 timer"), (-1234.5, "−1234,5 timer"), (2, "2,0 timer"), (None, "–")],
)
def test_a_value_is_rounded_before_it_has_a_sign(value, text):
    assert written_value(value, 1, "timer") == text
