"""The shapes of the curve of hours as SVG."""

from django.template.defaultfilters import floatformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluation.paid_hours.curve import HoursCurve, PaidMonth
from jobfirst.kit.days import short_month, written_day


def drawing(curve: HoursCurve) -> SafeString:
    """Return the axes, the bars of paid hours, and the steps of agreed hours."""
    lines = format_html_join(
        "",
        '<line class="grid" x1="{}" y1="{}" x2="{}" y2="{}"/>'
        '<text class="axis" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (curve.left, line.y, curve.right, line.y, curve.left - 6, line.y + 4, line.hours)
            for line in curve.lines
        ),
    )
    months = format_html_join(
        "",
        '<text class="axis" x="{}" y="{}">{}</text>',
        ((mark.x, curve.bottom + 16, short_month(mark.day)) for mark in curve.months if mark.named),
    )
    bars = format_html_join(
        "",
        '<rect class="paid" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>',
        ((bar.x, bar.y, bar.width, bar.height, paid_in_words(bar.paid)) for bar in curve.bars),
    )
    steps = format_html(
        '<path class="agreed-internship" d="{}"/><path class="agreed-ordinary" d="{}"/>',
        curve.internship_path,
        curve.ordinary_path,
    )
    return lines + months + bars + steps + _today(curve)


def paid_in_words(paid: PaidMonth) -> str:
    """Return the paid hours of a month in words."""
    return _("%(month)s: %(hours)s paid hours, %(weekly)s a week") % {
        "month": written_day(paid.month, "F Y"),
        "hours": floatformat(paid.hours, -2),
        "weekly": floatformat(paid.hours_a_week, -1),
    }


def _today(curve: HoursCurve) -> SafeString:
    if curve.today_x is None:
        return SafeString("")
    return format_html(
        '<line class="today" x1="{0}" y1="{1}" x2="{0}" y2="{2}"/>'
        '<text class="today-label halo" x="{0}" y="{3}" text-anchor="{4}">{5}</text>',
        curve.today_x,
        curve.top,
        curve.bottom,
        curve.height - 6,
        "end" if curve.today_x > curve.right - 40 else "middle",
        _("Today"),
    )
