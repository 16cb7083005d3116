"""The pictures of the results."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from evaluation.outcomes.by_month import MonthSinceDraw
from evaluation.outcomes.subgroups import Subgroups
from jobfirst.charts.values import Chart, ChartKind, ChartSeries, Interval


def hours_chart(months: Sequence[MonthSinceDraw]) -> Chart:
    """Return the paid hours per month of both arms, by months since the draw."""
    return Chart(
        kind=ChartKind.LINES,
        title=_("Paid hours a month by months since the draw"),
        sentence=_hours_in_words(months),
        category_title=_("Months since the draw"),
        categories=[str(month.number) for month in months],
        series=[
            ChartSeries(_("Participants"), [month.participants.mean_hours for month in months]),
            ChartSeries(_("Controls"), [month.controls.mean_hours for month in months]),
        ],
        unit=_("hours"),
        decimals=1,
    )


def _hours_in_words(months: Sequence[MonthSinceDraw]) -> str:
    known = [
        month
        for month in months
        if month.participants.mean_hours is not None and month.controls.mean_hours is not None
    ]
    if not known:
        return _("There are too few citizens to show.")
    words = _(
        "Month %(number)d after the draw: participants %(participants)s and controls %(controls)s paid hours "
        "a month on average."
    )
    return " ".join(
        words
        % {
            "number": month.number,
            "participants": number_format(round(month.participants.mean_hours or 0, 1), 1),
            "controls": number_format(round(month.controls.mean_hours or 0, 1), 1),
        }
        for month in dict.fromkeys((known[0], known[-1]))
    )


def groups_chart(subgroups: Subgroups) -> Chart | None:
    """Return the difference of each target group with its interval; None unless both are known."""
    effects = [group.difference for group in subgroups.groups if group.difference is not None]
    if len(effects) < len(subgroups.groups):
        return None
    return Chart(
        kind=ChartKind.INTERVALS,
        title=_("Difference in paid hours by target group"),
        sentence=_("Participants less controls, hours a month, each with its 95 % interval."),
        category_title=_("Target group"),
        categories=[str(group.group.label) for group in subgroups.groups],
        series=[
            ChartSeries(
                _("Difference"),
                [effect.estimate for effect in effects],
                [Interval(effect.low, effect.high) for effect in effects],
            )
        ],
        unit=_("hours"),
        decimals=1,
        height=160,
    )
