"""What a job consultant's own courses ask for: who is without a match, whose placement ends soon (D13, D14,
D33). Plain values from rows that are fetched already."""

import datetime
from dataclasses import dataclass

from cases.models import Course
from companies.models import Match, Placement, PlacementKind
from jobfirst.dates import DAY, LATEST

SOON = 14 * DAY

OPEN, ENDING, UNMATCHED, RUNNING, IDLE = "open", "ending", "unmatched", "running", "idle"
#: In the order in which they ask for something: over its planned end, ending soon, no match, nothing now.
ORDER = (OPEN, ENDING, UNMATCHED, IDLE, RUNNING)


@dataclass(frozen=True)
class Line:
    """One course on the job consultant's page."""

    course: Course
    state: str
    placement: Placement | None  # the one that runs, or that is planned next
    match: Match | None
    needs_agreement: bool

    @property
    def ends_on(self) -> datetime.date | None:
        """The last day of what runs."""
        return self.placement.last_day if self.placement else None


def line(course: Course, on: datetime.date) -> Line:
    """How a course stands on a day. Reads `course.placements` and `course.matches`, prefetched."""
    placements = list(course.placements.all())
    matches = list(course.matches.all())
    standing = [one for one in placements if one.ended_on is None or one.ended_on >= on]
    running = [one for one in standing if one.starts_on <= on]
    ahead = [one for one in standing if one.starts_on > on]
    current = max(running, key=_last, default=None) or min(ahead, key=lambda one: one.starts_on, default=None)
    return Line(
        course=course,
        state=_state(current, bool(matches), ahead, on),
        placement=current,
        match=matches[0] if matches else None,
        needs_agreement=current is not None
        and current.kind == PlacementKind.INTERNSHIP
        and not current.agreements.all(),
    )


def _last(placement: Placement) -> datetime.date:
    return placement.last_day or LATEST


def _state(current: Placement | None, matched: bool, ahead: list[Placement], on: datetime.date) -> str:
    if current is None:
        return IDLE if matched else UNMATCHED
    if not ahead and _last(current) < on:
        return OPEN
    taken_over = any(one.starts_on > current.starts_on for one in ahead)
    if _last(current) <= on + SOON and not taken_over:
        return ENDING
    if not matched and current.kind == PlacementKind.SNIFFING:
        return UNMATCHED
    return RUNNING
