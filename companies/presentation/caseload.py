"""The state of a job consultant's courses: without a match, placement ends soon, and so on (D13, D14, D33).

Computed from prefetched rows.
"""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Course
from cases.presentation.deadlines import due_on_day, unsettled_deadlines
from companies.models import UNSIGNED_STATES, Match, Placement, PlacementKind
from jobfirst.values.dates import LATEST

OPEN, ENDING, UNMATCHED, RUNNING, IDLE = "open", "ending", "unmatched", "running", "idle"
#: By urgency: past the planned end, ending soon, no match, no placement now, running.
ORDER = (OPEN, ENDING, UNMATCHED, IDLE, RUNNING)


#: The headings of the page.
TITLES = {
    OPEN: _("Planned end has passed"),
    ENDING: _("Ends soon"),
    UNMATCHED: _("Without a match"),
    IDLE: _("Matched, with no placement now"),
    RUNNING: _("Running"),
}


@dataclass(frozen=True)
class CaseloadLine:
    """One course on the job consultant's page."""

    course: Course
    state: str
    placement: Placement | None  # the one that runs, or that is planned next
    match: Match | None
    needs_agreement: bool
    is_unsigned: bool  # it has begun, and not all have signed its newest agreement (D47)

    @property
    def ends_on(self) -> datetime.date | None:
        """The last day of the current placement."""
        return self.placement.last_day if self.placement else None


def caseload_lines(courses: Collection[Course], on: datetime.date) -> list[CaseloadLine]:
    """Return the state of the courses on a day, by urgency and last day; a placement ends soon when its
    deadline says so (`companies.deadlines.agreement_ending`). One query.

    Reads `course.placements` and `course.matches` as `course_section.PREFETCH` fetches them.
    """
    deadlines = unsettled_deadlines(courses, on, "agreement_ending")
    lines = [
        _caseload_line(course, on, due_on_day(deadlines[course.pk], "agreement_ending", on) is not None)
        for course in courses
    ]
    return sorted(lines, key=lambda line: (ORDER.index(line.state), line.ends_on or on, line.course.pk))


def _caseload_line(course: Course, on: datetime.date, is_ending: bool) -> CaseloadLine:
    placements = list(course.placements.all())
    matches = list(course.matches.all())
    unended = [
        placement for placement in placements if placement.ended_on is None or placement.ended_on >= on
    ]
    running = [placement for placement in unended if placement.starts_on <= on]
    ahead = [placement for placement in unended if placement.starts_on > on]
    current = max(running, key=_last, default=None) or min(
        ahead, key=lambda placement: placement.starts_on, default=None
    )
    return CaseloadLine(
        course=course,
        state=_state(current, bool(matches), bool(ahead), on, is_ending),
        placement=current,
        match=matches[0] if matches else None,
        is_unsigned=bool(running) and getattr(current, "agreement_state", None) in UNSIGNED_STATES,
        needs_agreement=current is not None
        and current.kind == PlacementKind.INTERNSHIP
        and getattr(current, "agreement", None) is None,
    )


def _last(placement: Placement) -> datetime.date:
    return placement.last_day or LATEST


def _state(
    current: Placement | None, matched: bool, goes_on: bool, on: datetime.date, is_ending: bool
) -> str:
    if current is None:
        return IDLE if matched else UNMATCHED
    if not goes_on and _last(current) < on:
        return OPEN
    if is_ending and not goes_on:
        return ENDING
    if not matched and current.kind == PlacementKind.SNIFFING:
        return UNMATCHED
    return RUNNING


@dataclass(frozen=True)
class CaseloadGroup:
    """The courses in the same state."""

    key: str
    title: str | Promise
    lines: Sequence[CaseloadLine]


def grouped(lines: Sequence[CaseloadLine]) -> list[CaseloadGroup]:
    """Return the lines in the groups of the page, in the order given within each."""
    return [
        CaseloadGroup(state, TITLES[state], [line for line in lines if line.state == state])
        for state in ORDER
    ]
