"""The core elements that need the answers of the progression tool (D7): 2 job goal, 4 adjusting as we go.

2. **The job goal sets the course** (D10): the first answers of the progression tool, the CV and concrete job
   goals are there by the day of the first meeting held. What was not there then is missed for good; without
   a meeting it is missed from the day after the first one was due (D18), until all is there.
4. **Adjusted along the way** (D18, D35): each follow-up meeting from the start to the end of the retention
   window, as the rule gives it without a prolongation, is held with the citizen by the day on which it is
   due, and after new answers of the progression tool. Met when the window is over; missed for good after a
   meeting that was not held in time or had no answers. That a changed job goal has a reason is a constraint
   of the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from cases.rules.fidelity import Indicator, Lack, earliest, overdue_from
from cases.rules.monthly_meeting import meetings_due, waiting_spans
from jobfirst.values.dates import DAY, DateSpan

ANSWERS_MISSING = "answers_missing"
CV_MISSING = "cv_missing"
GOALS_MISSING = "goals_missing"
MEETING_LATE = "meeting_late"
REVIEW_MISSING = "review_missing"


def job_goal(
    started_on: date,
    done: Mapping[str, date | None],
    held: Sequence[date],
    pauses: Sequence[DateSpan] = (),
    *,
    interval_days: int,
) -> Indicator:
    """Return whether the course began with its start artefacts (element 2).

    `done` has for each code of what is needed the day on which it was there first; `held` are the days of the
    meetings held; `pauses` suspend the meetings.
    """
    first_meeting = min((day for day in held if day >= started_on), default=None)
    in_time = {
        code: None if day is None or (first_meeting is not None and day > first_meeting) else day
        for code, day in done.items()
    }
    ready = [day for day in in_time.values() if day is not None]
    due_on = started_on + interval_days * DAY
    after_meeting = None if first_meeting is None else first_meeting + DAY
    return Indicator(
        met_from=max(ready) if len(ready) == len(done) else None,
        missed_from=earliest(after_meeting, overdue_from(due_on, pauses)),
        due_on=due_on,
        lacks=[Lack.until_done(code, started_on, day) for code, day in in_time.items()],
        mendable=True,
    )


def adjusting(
    follow_up: DateSpan,
    held: Sequence[date],
    answered: Sequence[date],
    paused_meetings: Sequence[DateSpan] = (),
    paused_answers: Sequence[DateSpan] = (),
    *,
    interval_days: int,
) -> Indicator:
    """Return whether the meetings were held in time and prepared with answers (element 4).

    `follow_up` has no last day before the first internship. `held` are the days of the meetings held, in
    order; `answered` those of finished answers.
    """
    late_from = next(_late_meetings(follow_up, held, paused_meetings, interval_days=interval_days), None)
    unprepared_from = next(_meetings_without_answers(follow_up, held, answered, paused_answers), None)
    lacks = [
        Lack(code, first)
        for code, first in ((MEETING_LATE, late_from), (REVIEW_MISSING, unprepared_from))
        if first is not None
    ]
    return Indicator(
        met_from=None if follow_up.last is None else follow_up.last + DAY,
        missed_from=earliest(late_from, unprepared_from),
        due_on=follow_up.last,
        lacks=lacks,
    )


def _late_meetings(
    follow_up: DateSpan, held: Sequence[date], pauses: Sequence[DateSpan], *, interval_days: int
) -> Iterator[date]:
    """Yield the days from which a meeting was overdue, in order; one held on such a day was late, too."""
    for meeting in meetings_due(follow_up, held, interval_days=interval_days):
        first, last = overdue_from(meeting.due_on, pauses), meeting.waiting.last
        if first is not None and (last is None or first <= last + DAY):
            yield first


def _meetings_without_answers(
    follow_up: DateSpan, held: Sequence[date], answered: Sequence[date], pauses: Sequence[DateSpan]
) -> Iterator[date]:
    """Yield the days after meetings held without answers since the meeting before, in order.

    Answers on the day of a meeting belong to that meeting.
    """
    for number, waiting in enumerate(waiting_spans(follow_up, held)):
        if waiting.last is None:
            return
        meeting = waiting.last + DAY
        answers = DateSpan(waiting.first if number == 0 else waiting.first + DAY, meeting)
        is_excused = any(meeting in pause for pause in pauses)
        if meeting in follow_up and not is_excused and not any(day in answers for day in answered):
            yield meeting + DAY
