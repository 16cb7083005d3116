"""Charts in templates: `{% include "charts/chart.html" %}`."""

from django import template
from django.utils.safestring import SafeString

from jobfirst.charts.drawing import chart_svg
from jobfirst.charts.values import Chart

register = template.Library()


@register.filter
def svg(chart: Chart) -> SafeString:
    """Return the chart as an SVG element."""
    return chart_svg(chart)
