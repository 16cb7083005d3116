"""The weekly schedule in words, and what it exceeds of the citizen's accommodations (D11, D15)."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from cases.models import Course
from cases.presentation.work_limits import clock_in_words
from cases.rules.work_limits import WorkLimits, strictest
from companies.models import WEEKDAYS, AgreementState, Placement, WorkAgreement
from companies.rules.agreed_hours import WeeklyHours
from companies.rules.schedule_limits import LimitBreach, breaches
from companies.rules.weekly_schedule import WorkPeriod


def period_in_words(period: WorkPeriod) -> str:
    """Return the hours of a period: 08.30–12.00, 16.00–24.00, 22.00–06.00 (next day)."""
    if period.is_until_midnight:
        return f"{clock_in_words(period.starts_at)}–24.00"
    hours = f"{clock_in_words(period.starts_at)}–{clock_in_words(period.ends_at)}"
    return _("%(hours)s (next day)") % {"hours": hours} if period.is_until_next_day else hours


def limits_from(course: Course, day: datetime.date) -> WorkLimits:
    """Return the strictest limits of the course's accommodations in force on the day or later."""
    return strictest(
        accommodation.limits
        for accommodation in course.accommodations.all()
        if accommodation.until_on is None or accommodation.until_on >= day
    )


def agreed_warnings(placement: Placement, lines: Sequence[WorkPeriod], day: datetime.date) -> list[str]:
    """Return what the schedule of a placement's agreement exceeds of the accommodations from the day on, in
    words; without a schedule only the placement's hours a week count.

    Warnings: the agreement can be made nevertheless (D11).
    """
    limits = limits_from(placement.course, max(day, placement.starts_on))
    if not limits:
        return []
    hours = placement.last_hours
    exceeded = breaches(lines, limits, hours_a_week=hours.internship + hours.ordinary)
    return [_in_words(breach) for breach in exceeded]


def renewal_warning(agreement: WorkAgreement) -> list[str]:
    """Return in words that a draft's week has other hours than the placement was agreed with (D38).

    The draft of a renewal begins with the week that held last, while the renewal asks for the hours now.
    """
    hours = agreement.placement.last_hours
    agreed = WeeklyHours(agreement.internship_hours, agreement.ordinary_hours)
    if agreement.state != AgreementState.DRAFT or agreed == hours:
        return []
    text = _(
        "The weekly schedule has %(internship)s internship hours and %(ordinary)s ordinary hours; agreed for "
        "the placement are %(agreed_internship)s and %(agreed_ordinary)s. Change the schedule before it is "
        "signed."
    )
    return [
        text
        % {
            "internship": floatformat(agreed.internship, -2),
            "ordinary": floatformat(agreed.ordinary, -2),
            "agreed_internship": floatformat(hours.internship, -2),
            "agreed_ordinary": floatformat(hours.ordinary, -2),
        }
    ]


def _in_words(breach: LimitBreach) -> str:
    texts = {
        "hours_a_day": _(
            "The agreement has %(agreed)s hours on %(day)s; the accommodation allows at most %(allowed)s "
            "hours a day."
        ),
        "hours_a_week": _(
            "The agreement has %(agreed)s hours a week; the accommodation allows at most %(allowed)s."
        ),
        "days_a_week": _(
            "The agreement has %(agreed)s days a week; the accommodation allows at most %(allowed)s."
        ),
        "not_before": _(
            "The agreement begins at %(agreed)s on %(day)s; the accommodation says not before %(allowed)s."
        ),
        "not_after": _(
            "The agreement ends at %(agreed)s on %(day)s; the accommodation says not after %(allowed)s."
        ),
        "no_nights": _("The agreement has night work on %(day)s; the accommodation says no nights."),
        "no_weekend": _("The agreement has weekend work on %(day)s; the accommodation says no weekends."),
    }
    return texts[breach.limit] % {
        "agreed": _number_or_time(breach.agreed),
        "allowed": _number_or_time(breach.allowed),
        "day": str(WEEKDAYS[breach.weekday]) if breach.weekday else "",
    }


def _number_or_time(value: Any) -> str:
    if isinstance(value, datetime.time):
        return clock_in_words(value)
    return "" if value is None else str(floatformat(value, -2))
