"""The phases of a course (D12) on a given day, computed from the dates of its transitions.

    sniffing -> internship with retention support -> continued company effort -> ended

Each transition has one date, the first day of the new phase. `ended_on` is such a date too: on that day the
course has ended. Phases may be skipped (a course can end in the sniffing phase) but never return. A course
whose internship already ran at the draw has no sniffing phase: nothing before `started_on` belongs to the
course.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from jobfirst.values.dates import DAY, WEEK, DateSpan


class Phase(StrEnum):
    """A phase of a course."""

    NOT_STARTED = "not_started"
    SNIFFING = "sniffing"
    INTERNSHIP = "internship"
    CONTINUED = "continued"
    ENDED = "ended"


@dataclass(frozen=True)
class Transitions:
    """The dates of a course: the draw, the first internship, the end of its first weeks, the end."""

    started_on: date
    internship_from: date | None = None
    continued_from: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class PhaseSpan:
    """One phase with its days; no last day while it runs."""

    phase: Phase
    span: DateSpan


def continued_from(internship_from: date, *, weeks: int) -> date:
    """Return the first day of the continued effort: `weeks` after the first internship's start (D12)."""
    return internship_from + weeks * WEEK


def phase_on(course: Transitions, day: date) -> Phase:
    """Return the phase of a course on `day`."""
    if day < course.started_on:
        return Phase.NOT_STARTED
    if course.ended_on is not None and day >= course.ended_on:
        return Phase.ENDED
    if course.continued_from is not None and day >= course.continued_from:
        return Phase.CONTINUED
    if course.internship_from is not None and day >= course.internship_from:
        return Phase.INTERNSHIP
    return Phase.SNIFFING


def spans(course: Transitions) -> tuple[PhaseSpan, ...]:
    """Return the phases of a course in order, without empty ones; for the timeline."""
    starts = [
        (phase, max(first, course.started_on))
        for phase, first in (
            (Phase.SNIFFING, course.started_on),
            (Phase.INTERNSHIP, course.internship_from),
            (Phase.CONTINUED, course.continued_from),
        )
        if first is not None
    ]
    lasts: list[date | None] = [next_first - DAY for _phase, next_first in starts[1:]]
    phase_spans = []
    for (phase, first), last in zip(starts, [*lasts, None], strict=True):
        span = DateSpan(first, last)
        if course.ended_on is not None:
            span = span.until(course.ended_on - DAY)
        if not span.is_empty:
            phase_spans.append(PhaseSpan(phase, span))
    return tuple(phase_spans)


def sniffing_days(course: Transitions, on: date) -> int:
    """Return how many calendar days of sniffing have passed, the day included (D12)."""
    sniffing = DateSpan(course.started_on, on)
    for next_phase_from in (course.internship_from, course.ended_on):
        if next_phase_from is not None:
            sniffing = sniffing.until(next_phase_from - DAY)
    return sniffing.days
