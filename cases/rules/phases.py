"""The phases of a course (D12) on any given day, from the dates of its transitions.

    sniffing -> internship with retention support -> continued company effort -> ended

Each transition has one date, the first day of the new phase. `ended_on` is such a date too: on it the course
is ended. Phases may be skipped (a course can end out of sniffing), never gone back on.

An internship that already ran at the draw makes a course without sniffing: nothing before `started_on` is
part of the course.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Phase(StrEnum):
    """Where a course is."""

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
class Span:
    """One phase with its first and last day; the last is None while it runs."""

    phase: Phase
    first: date
    last: date | None


def continued_from(internship_from: date, *, weeks: int) -> date:
    """The first day of the continued effort: `weeks` after the first internship's start (D12)."""
    return internship_from + timedelta(weeks=weeks)


def phase_on(course: Transitions, day: date) -> Phase:
    """The phase of a course on `day`."""
    if day < course.started_on:
        return Phase.NOT_STARTED
    if course.ended_on is not None and day >= course.ended_on:
        return Phase.ENDED
    if course.continued_from is not None and day >= course.continued_from:
        return Phase.CONTINUED
    if course.internship_from is not None and day >= course.internship_from:
        return Phase.INTERNSHIP
    return Phase.SNIFFING


def spans(course: Transitions) -> tuple[Span, ...]:
    """The phases that a course goes through, in order, without the empty ones; for the timeline."""
    starts = [
        (phase, max(first, course.started_on))
        for phase, first in (
            (Phase.SNIFFING, course.started_on),
            (Phase.INTERNSHIP, course.internship_from),
            (Phase.CONTINUED, course.continued_from),
        )
        if first is not None
    ]
    end = None if course.ended_on is None else course.ended_on - timedelta(days=1)
    found = []
    for number, (phase, first) in enumerate(starts):
        last = starts[number + 1][1] - timedelta(days=1) if number + 1 < len(starts) else None
        if end is not None and (last is None or end < last):
            last = end
        if last is None or first <= last:
            found.append(Span(phase, first, last))
    return tuple(found)


def sniffing_days(course: Transitions, on: date) -> int:
    """How many calendar days of sniffing have passed on `on`, that day included (D12 aims at 13 weeks)."""
    first = course.started_on
    until = min(
        day - timedelta(days=1) if day is not None else on
        for day in (course.internship_from, course.ended_on, on + timedelta(days=1))
    )
    return max(0, (until - first).days + 1)
