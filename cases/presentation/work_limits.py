"""The limits of an accommodation in words (D11)."""

import datetime
from collections.abc import Iterator

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.rules.work_limits import WorkLimits


def clock_in_words(moment: datetime.time) -> str:
    """Return a time of day as it is written in Danish: 08.30."""
    return f"{moment:%H.%M}"


def limits_in_words(limits: WorkLimits) -> list[str]:
    """Return each limit that is set, in words."""
    return list(_words(limits))


def _words(limits: WorkLimits) -> Iterator[str]:
    if limits.hours_a_day is not None:
        yield _("at most %(hours)s hours a day") % {"hours": floatformat(limits.hours_a_day, -2)}
    if limits.hours_a_week is not None:
        yield _("at most %(hours)s hours a week") % {"hours": floatformat(limits.hours_a_week, -2)}
    if limits.days_a_week is not None:
        yield ngettext("at most %(days)d day a week", "at most %(days)d days a week", limits.days_a_week) % {
            "days": limits.days_a_week
        }
    if limits.not_before is not None:
        yield _("not before %(time)s") % {"time": clock_in_words(limits.not_before)}
    if limits.not_after is not None:
        yield _("not after %(time)s") % {"time": clock_in_words(limits.not_after)}
    if limits.no_nights:
        yield _("no work at night")
    if limits.no_weekend:
        yield _("no work at weekends")
