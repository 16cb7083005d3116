"""The state of a job consultant's courses: without a match, placement ends soon, and so on (D13, D14, D33).

Computed from prefetched rows.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.models import Course
from companies.models import Match, Placement, PlacementKind
from jobfirst.dates import DAY, LATEST, DateSpan

OPEN, ENDING, UNMATCHED, RUNNING, IDLE = "open", "ending", "unmatched", "running", "idle"
#: By urgency: past the planned end, ending soon, no match, no placement now, running.
ORDER = (OPEN, ENDING, UNMATCHED, IDLE, RUNNING)


def titles(lead_days: int) -> dict[str, str]:
    """Return the headings of the page in order; an end within `lead_days` is soon."""
    words = {
        OPEN: _("Planned end has passed"),
        ENDING: _("Ends within %(days)d days") % {"days": lead_days},
        UNMATCHED: _("Without a match"),
        IDLE: _("Matched, with no placement now"),
        RUNNING: _("Running"),
    }
    return {state: words[state] for state in ORDER}


@dataclass(frozen=True)
class CaseloadLine:
    """One course on the job consultant's page."""

    course: Course
    state: str
    placement: Placement | None  # the one that runs, or that is planned next
    match: Match | None
    needs_agreement: bool

    @property
    def ends_on(self) -> datetime.date | None:
        """The last day of the current placement."""
        return self.placement.last_day if self.placement else None


def caseload_line(course: Course, on: datetime.date, lead_days: int) -> CaseloadLine:
    """Return the state of a course on a day; an end within `lead_days` (a term, D33) is soon.

    Reads `course.placements` and `course.matches` as `course_section.PREFETCH` fetches them.
    """
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
        state=_state(current, bool(matches), ahead, DateSpan(on, on + lead_days * DAY)),
        placement=current,
        match=matches[0] if matches else None,
        needs_agreement=current is not None
        and current.kind == PlacementKind.INTERNSHIP
        and getattr(current, "agreement", None) is None,
    )


def _last(placement: Placement) -> datetime.date:
    return placement.last_day or LATEST


def _state(current: Placement | None, matched: bool, ahead: list[Placement], soon: DateSpan) -> str:
    if current is None:
        return IDLE if matched else UNMATCHED
    if not ahead and _last(current) < soon.first:
        return OPEN
    taken_over = any(placement.starts_on > current.starts_on for placement in ahead)
    if _last(current) <= (soon.last or LATEST) and not taken_over:
        return ENDING
    if not matched and current.kind == PlacementKind.SNIFFING:
        return UNMATCHED
    return RUNNING


@dataclass(frozen=True)
class CaseloadGroup:
    """The courses in the same state."""

    key: str
    title: str
    lines: Sequence[CaseloadLine]


def grouped(lines: Sequence[CaseloadLine], lead_days: int) -> list[CaseloadGroup]:
    """Return the lines in the groups of the page, in the order given within each."""
    return [
        CaseloadGroup(state, title, [line for line in lines if line.state == state])
        for state, title in titles(lead_days).items()
    ]
