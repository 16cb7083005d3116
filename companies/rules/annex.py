"""When the annex is to be answered, and who sees the answers (D16, D35).

Company and citizen answer before each follow-up meeting, while a placement with a work agreement runs. An
answer belongs to the meeting that follows it: the days from one held meeting to the next are a month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from jobfirst.values.dates import DAY, DateSpan
from progression.rules.answers_due import review_spans
from reminders.rules.due_dates import DueDate


@dataclass(frozen=True)
class AnnexMonth:
    """What leads up to one meeting: the day by which answers are due, the days whose answers belong to it,
    the first day on which one is asked, whether answers are owed, and whether the meeting has been held."""

    due_on: date
    days: DateSpan
    asked_from: date
    is_owed: bool
    is_held: bool


def annex_months(
    follow_up: DateSpan,
    held: Sequence[date],
    booked: Sequence[date],
    engaged: DateSpan,
    *,
    interval_days: int,
    lead_days: int,
) -> Iterator[AnnexMonth]:
    """Yield the months of a placement, given the days on which it runs with a work agreement.

    1. Answers are due on the day of the meeting, or the day on which it is due while none is booked (D18).
    2. A work agreement that begins when the meeting is overdue: `lead_days` after its first day.
    3. They are owed when that day lies in the follow-up and in the placement: none after its last day.

    `held` and `booked` are days, in order.
    """
    for meeting_on, _waiting, days in review_spans(follow_up, held, booked, interval_days=interval_days):
        if not days.overlaps(engaged):
            continue
        due_on = meeting_on if days.last is None else days.last
        if days.last is None and due_on < engaged.first:
            due_on = engaged.first + lead_days * DAY
        yield AnnexMonth(
            due_on=due_on,
            days=days,
            asked_from=max(due_on - lead_days * DAY, days.first, engaged.first),
            is_owed=due_on in engaged and due_on in follow_up,
            is_held=days.last is not None,
        )


def are_answers_shown(month: AnnexMonth, engaged: DateSpan, on: date, *, are_both_in: bool) -> bool:
    """Whether the answers of the month are shown: to company and citizen, and to the staff.

    Once both are in. What one party has left unanswered hides the other's answers no longer than until the
    meeting is held or the placement is over.
    """
    is_over = engaged.last is not None and on > engaged.last
    return are_both_in or month.is_held or is_over


def mentor_told_from(month: AnnexMonth, *, has_address: bool, reminder_days: int) -> date:
    """Return the day from which the mentor is told that answers are missing (D33): at once when the company
    cannot be written to."""
    return month.asked_from + (reminder_days * DAY if has_address else 0 * DAY)


def due_date(
    month: AnnexMonth, engaged: DateSpan, complete_on: date | None, *, told_from: date
) -> DueDate | None:
    """Return the deadline of the month, shown until both have answered (`complete_on`), the meeting is held
    or the placement is over; None when there is nothing to show."""
    if not month.is_owed:
        return None
    ends = [
        day - DAY
        for day in (complete_on, month.days.last, None if engaged.last is None else engaged.last + DAY)
        if day is not None
    ]
    due = DueDate(month.due_on, told_from, min(ends, default=None))
    return None if due.is_empty else due
