"""The demo's monthly meetings: of which a few are missed, and the next one booked (D9, D18)."""

import datetime
from typing import TYPE_CHECKING

from cases.models import CourseFunction, FollowUpMeeting
from demo.workdays import at_ten, workday_after, workday_before
from jobfirst.values.dates import DAY

if TYPE_CHECKING:
    from demo.courses.history import CourseHistory


def hold_meetings(history: "CourseHistory", until: datetime.date) -> None:
    """Add a meeting a month until the day, and a booked one in most courses that go on."""
    course, rng = history.course, history.rng
    owner = history.people[CourseFunction.COURSE_OWNER]
    day = course.started_on + rng.randrange(20, 31) * DAY
    while day < until:
        missed = rng.random() < 0.08
        day = workday_before(day)
        history.add(
            FollowUpMeeting(
                course=course,
                planned_at=at_ten(day),
                state="missed" if missed else "held",
                held_on=None if missed else day,
                citizen_present=not missed,
                summary="" if missed else "Gennemgik CV og jobmål. Aftalte næste skridt.",
                registered_by=owner,
            )
        )
        day += rng.randrange(25, 36) * DAY
    if course.ended_on is None and rng.random() < 0.7:
        planned = workday_after(max(day, history.on + rng.randrange(1, 10) * DAY))
        history.add(FollowUpMeeting(course=course, planned_at=at_ten(planned), registered_by=owner))
