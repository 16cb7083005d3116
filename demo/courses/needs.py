"""What stands beside the course in the demo: parallel efforts, uncovered needs, accommodations (D11)."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from cases.models import Accommodation, ParallelEffort, UncoveredNeed
from cases.rules.work_limits import WorkLimits
from demo.words import CONSIDERATIONS, EFFORTS, NEEDS
from jobfirst.values.dates import DAY

if TYPE_CHECKING:
    from demo.courses.history import CourseHistory

#: What an accommodation of the demo allows of the working hours.
LIMITS_OF = {
    "Møder først kl. 10.00": WorkLimits(not_before=datetime.time(10)),
    "Rolige omgivelser": WorkLimits(hours_a_day=Decimal(4), no_weekend=True),
}


def note_needs(history: "CourseHistory") -> None:
    """Add an effort beside the course, an uncovered need and an accommodation to some courses."""
    start = history.course.started_on
    if history.rng.random() < 0.5:
        kind, description = history.rng.choice(EFFORTS)
        history.add(
            ParallelEffort(
                course=history.course,
                kind=kind,
                description=description,
                coordinator="Koordinerende sagsbehandler",
                starts_on=start,
            )
        )
    if history.rng.random() < 0.4:
        covered = history.rng.random() < 0.6 and start + 30 * DAY <= history.on
        history.add(
            UncoveredNeed(
                course=history.course,
                description=history.rng.choice(NEEDS),
                noted_on=start,
                covered_on=start + 30 * DAY if covered else None,
                covered_how="Aftalt på mødet" if covered else "",
            )
        )
    if history.rng.random() < 0.6:
        description = history.rng.choice(CONSIDERATIONS)
        limits = vars(LIMITS_OF.get(description, WorkLimits()))
        history.add(Accommodation(course=history.course, description=description, from_on=start, **limits))
