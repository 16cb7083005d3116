"""Staff are told of a link to a company or citizen that arrived by no way (D44, D52)."""

from collections.abc import Iterable

from cases.models import Course, CourseFunction
from cases.team import team_of
from jobfirst import clock
from reminders.extension_points import NoticeKind
from reminders.notices import tell


def tell_team(kind: NoticeKind, course: Course, functions: Iterable[CourseFunction]) -> None:
    """Tell who holds the functions today, or held them when the course ended, to call instead."""
    today = clock.today()
    last = today if course.ended_on is None else min(course.ended_on, today)
    tell(kind, course.public_id, team_of(course, last, functions), today)
