"""The demo's attendance at placements: the last weeks of each, most of them without absence (D48).

The values come from a random generator of the course's own, so that the rest of the demo stays as it is.
"""

import random
from collections.abc import Iterable
from dataclasses import asdict

from cases.models import CourseFunction
from cases.rules.weekly_contact import week_of
from companies.models import AttendanceWeek, Placement
from companies.rules.attendance import AttendanceDays, days_possible, last_weeks
from demo.courses.history import CourseHistory
from jobfirst.values.dates import DateSpan

RECORDED_SHARE = 0.8  # of the weeks; the others are still to be recorded
USUAL_WEEKS = [
    AttendanceDays(present=3),
    AttendanceDays(present=3),
    AttendanceDays(present=3),
    AttendanceDays(present=2, ill=1),
    AttendanceDays(present=2, agreed_absence=1),
    AttendanceDays(present=1, ill=2),
    AttendanceDays(present=2, no_show=1),
    AttendanceDays(present=2, other_absence=1),
]


def add_attendance(histories: Iterable[CourseHistory]) -> None:
    """Add the attendance of the last weeks of each placement."""
    for history in histories:
        rng = random.Random(f"attendance {history.course.referral.public_id}")  # noqa: S311 - made-up data
        for placement in history.rows[Placement]:
            _add_weeks(history, placement, rng)


def _add_weeks(history: CourseHistory, placement: Placement, rng: random.Random) -> None:
    span = DateSpan(placement.starts_on, placement.last_day)
    for week in last_weeks(span, history.last_day()):
        days = rng.choice(USUAL_WEEKS)
        is_over = week_of(history.on) != week
        if is_over and days.total <= days_possible(span, week) and rng.random() < RECORDED_SHARE:
            history.add(
                AttendanceWeek(
                    placement=placement,
                    monday=week.monday,
                    entered_by=history.people[CourseFunction.MENTOR],
                    **asdict(days),
                )
            )
