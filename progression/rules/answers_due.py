"""When answers to the progression tool are due: before each monthly meeting (D23, D33)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from cases.rules.monthly_meeting import waiting_spans
from jobfirst.dates import DAY, DateSpan


class AnswersDue(NamedTuple):
    """That answers are due: the day of the meeting, the days until it is held, and the days of answers."""

    due_on: date
    waiting: DateSpan
    answered: tuple[date, ...]


def answers_due(
    follow_up: DateSpan,
    held: Sequence[date],
    booked: Sequence[date],
    answered: Sequence[date],
    *,
    interval_days: int,
) -> Iterator[AnswersDue]:
    """Yield the answers due before each meeting, the first included, as long as that lies in the follow-up.

    1. The meetings held divide the follow-up; each part owes answers of its own.
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
        if due_on not in follow_up:
            continue
        last = None if waiting.last is None else waiting.last + DAY
        answers = DateSpan(first, last)
        yield AnswersDue(due_on, waiting, tuple(day for day in answered if day in answers))
