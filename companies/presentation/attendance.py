"""The section of attendance on the course's page with the companies (D48)."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.course_pages import CoursePage
from cases.extension_points import CourseOnDay, CourseSection
from cases.presentation.corrections import with_corrections
from cases.rules.weekly_contact import Week, week_of
from companies.models import AttendanceWeek, Placement
from companies.rules.attendance import USUAL_DAYS, days_possible, last_weeks
from companies.signing.status import in_force_on

#: The kinds of absence, by field.
ABSENCES = {
    "ill": _("Ill"),
    "agreed_absence": _("Agreed absence"),
    "other_absence": _("Other absence"),
    "no_show": _("Not shown up"),
}


@dataclass(frozen=True)
class ShownWeek:
    """A week of a placement with its attendance, if any is recorded."""

    week: Week
    placement: Placement
    attendance: AttendanceWeek | None

    @property
    def absence_in_words(self) -> str:
        """The kinds of absence in the week with their days; empty when there was none."""
        if self.attendance is None:
            return ""
        days = {name: getattr(self.attendance, name) for name in ABSENCES}
        return ", ".join(f"{ABSENCES[name]}: {count}" for name, count in days.items() if count)


def days_agreed(placement: Placement, monday: datetime.date) -> int:
    """Return the days of the week on which the citizen is to be there: those of the weekly schedule in force,
    else five; no more than the week has in the placement. One to three queries."""
    week = week_of(monday)
    agreement = in_force_on(placement, max(monday, placement.starts_on))
    days = {period.weekday for period in agreement.periods()} if agreement else set()
    return min(len(days) or USUAL_DAYS, days_possible(placement.span, week))


def shown_weeks(placement: Placement, on: datetime.date) -> list[ShownWeek]:
    """Return the last weeks of a placement, the newest first. Reads `placement.attendance`; prefetch it."""
    recorded: Mapping[datetime.date, AttendanceWeek] = {row.monday: row for row in placement.attendance.all()}
    return [ShownWeek(week, placement, recorded.get(week.monday)) for week in last_weeks(placement.span, on)]


def _context(course_on_day: CourseOnDay) -> dict[str, Any] | None:
    """Return the last weeks of the placements that run, or that ended last, with their corrections (one
    query); None without a placement."""
    on = course_on_day.on
    begun = [placement for placement in course_on_day.course.placements.all() if placement.starts_on <= on]
    if not begun:
        return None
    running = [placement for placement in begun if on in placement.span]
    weeks = [shown_weeks(placement, on) for placement in running or begun[-1:]]
    with_corrections([week.attendance for stay in weeks for week in stay if week.attendance is not None])
    return {"attendance": weeks}


SECTION = CourseSection(
    key="attendance",
    title=_("Attendance"),
    template="companies/attendance.html",
    page=CoursePage.COMPANY,
    order=15,
    context=_context,
    prefetch=("placements__attendance",),
)
