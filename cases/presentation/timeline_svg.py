"""The shapes of a course's timeline as SVG. In Python: as a template they took a sixth of the course page."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from cases.presentation.timeline import TimelineMonth, TimelinePicture, TimelineShape
from jobfirst.kit.days import short_month, written_day


def drawing(picture: TimelinePicture) -> SafeString:
    """Return the months and the bars of the picture."""
    return months(picture, picture.months) + shapes(picture.shapes, picture.bar)


def months(picture: TimelinePicture, marks: Iterable[TimelineMonth]) -> SafeString:
    """Return a line for each month, with its name where there is room."""
    top, bottom = picture.top - 6, picture.bottom
    return format_html_join(
        "",
        '<line class="grid" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>{3}',
        (
            (
                month.x,
                top,
                bottom,
                format_html(
                    '<text class="axis" x="{}" y="14">{}</text>',
                    month.x,
                    short_month(month.day),
                )
                if month.named
                else "",
            )
            for month in marks
        ),
    )


def shapes(bars: Iterable[TimelineShape], height: int) -> SafeString:
    """Return each bar with its pattern, its text inside, and all that it says as its title."""
    return format_html_join(
        "", "<g><title>{}: {} – {}</title>{}</g>", ((*_title(bar), _bar(bar, height)) for bar in bars)
    )


def _title(bar: TimelineShape) -> tuple[str, str, str]:
    first, last = bar.span.first, bar.span.last
    return bar.label, written_day(first), written_day(last) if last else _("onwards")


def _bar(bar: TimelineShape, height: int) -> SafeString:
    place = f'x="{bar.x}" y="{bar.y}" width="{bar.width}" height="{height}" rx="2"'
    svg = f'<rect class="bar k-{bar.kind}" {place}/>'
    if bar.kind != "sniffing":
        svg += f'<rect class="over" {place} fill="url(#p-{bar.kind})"/>'
    if bar.text:
        svg += format_html('<text class="halo" x="{}" y="{}">{}</text>', bar.text_x, bar.text_y, bar.text)
    return SafeString(svg)  # nosec B703 - of escaped parts
