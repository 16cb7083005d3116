"""When answers to the progression tool are due: before each monthly meeting (D23, D33)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cases.rules.monthly_meeting import waiting_spans
from jobfirst.values.dates import DAY, DateSpan


class ReviewSpan(NamedTuple):
    """What leads up to one meeting: the day of the meeting, the days until it is held, and the days whose
    answers belong to it."""

    due_on: date
    waiting: DateSpan
    days: DateSpan


class AnswersDue(NamedTuple):
    """That answers are due: the day of the meeting, the days until it is held, and the days of answers."""

    due_on: date
    waiting: DateSpan
    answered: tuple[date, ...]


def review_spans(
    follow_up: DateSpan, held: Sequence[date], booked: Sequence[date], *, interval_days: int
) -> Iterator[ReviewSpan]:
    """Yield what leads up to each meeting; the last one is open, and may be due after the follow-up.

    1. The meetings held divide the follow-up; each part has answers of its own.
    2. They are due on the day of the next meeting, held or booked; without one, `interval_days` after the
       last meeting (D18).
    3. Answers on the day of a meeting belong to that meeting.

    All days are in order.
    """
    meetings = sorted(day for day in (*held, *booked) if day in follow_up)
    for number, waiting in enumerate(waiting_spans(follow_up, held)):
        first = waiting.first if number == 0 else waiting.first + DAY
        meeting = next((day for day in meetings if day >= first), None)
        due_on = waiting.first + interval_days * DAY if meeting is None else meeting
        last = None if waiting.last is None else waiting.last + DAY
        yield ReviewSpan(due_on, waiting, DateSpan(first, last))


def answers_due(
    follow_up: DateSpan,
    held: Sequence[date],
    booked: Sequence[date],
    answered: Sequence[date],
    *,
    interval_days: int,
) -> Iterator[AnswersDue]:
    """Yield the answers due before each meeting (`review_spans`), as long as that lies in the follow-up.

    All days are in order.
    """
    for due_on, waiting, days in review_spans(follow_up, held, booked, interval_days=interval_days):
        if due_on in follow_up:
            yield AnswersDue(due_on, waiting, tuple(day for day in answered if day in days))
