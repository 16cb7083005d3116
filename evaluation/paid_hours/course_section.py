"""The section of hours on the course page (D20, D38): agreed a week, against paid a month."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from companies.rules.agreed_hours import hours_over_time
from evaluation.paid_hours.curve import PaidMonth, draw, drawn_days
from evaluation.paid_hours.curve_svg import drawing
from evaluation.paid_hours.months import hours_by_month


def _context(course_on_day: CourseOnDay) -> dict[str, Any]:
    """Return the curve and its two tables: agreed hours over time, and agreed against paid by month.

    Reads the placements that the section of placements fetches.

    A control citizen has no course, so that no hours of the control group are on any page of a project (D5).
    """
    course, on = course_on_day.course, course_on_day.on
    agreed = hours_over_time(
        [part for placement in course.placements.all() for part in placement.hours_spans()]
    )
    paid = [PaidMonth(row.month, row.hours) for row in course.citizen.paid_hours.all()]
    if not agreed and not paid:
        return {"hours_picture": None}
    curve = draw(agreed, paid, drawn_days(agreed, paid, course.started_on, on), on)
    return {
        "hours_picture": curve,
        "hours_drawing": drawing(curve),
        "agreed_hours": agreed,
        "months": hours_by_month(agreed, paid, on),
    }


SECTION = CourseSection(
    key="hours",
    title=_("Hours"),
    template="evaluation/hours_panel.html",
    page=CoursePage.COMPANY,
    order=15,
    context=_context,
    prefetch=("citizen__paid_hours",),
)
