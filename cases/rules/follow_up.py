"""The days on which a course runs, and those on which mentor and course owner follow up (D17-D19)."""

from __future__ import annotations

from datetime import date

from jobfirst.values.dates import DAY, DateSpan


def running_span(started_on: date, ended_on: date | None) -> DateSpan:
    """Return the days on which the course runs: the day it ends is none of them."""
    return DateSpan(started_on, ended_on - DAY if ended_on else None)


def follow_up_span(started_on: date, retention_until: date | None, ended_on: date | None) -> DateSpan:
    """Return the days of follow-up: from the course's start to the last day of the retention window.

    To the course's end when that is earlier; open-ended while no internship has begun and the course runs.
    """
    lasts = [day for day in (retention_until, ended_on) if day is not None]
    return DateSpan(started_on, min(lasts, default=None))
