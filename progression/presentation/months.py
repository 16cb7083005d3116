"""The monthly reviews of a course: which meeting each belongs to, and which are missing (D35)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import TrialTerms
from cases.models import Course, MeetingState
from progression.models import AnswerSheet
from progression.rules.answers_due import answers_due


@dataclass(frozen=True)
class ReviewMonth:
    """The review before one meeting: when it was or is due, and its latest answers, if they were given."""

    due_on: datetime.date
    sheet: AnswerSheet | None
    is_missing: bool


def review_months(
    course: Course, sheets: Sequence[AnswerSheet], on: datetime.date, terms: TrialTerms
) -> list[ReviewMonth]:
    """Return the reviews of the course until now, the latest first; reads `course.meetings`.

    A review is missing when its day has passed, or its meeting was held, without answers.
    """
    meetings = list(course.meetings.all())
    held = sorted(meeting.counted_on for meeting in meetings if meeting.counted_on is not None)
    booked = sorted(
        timezone.localdate(meeting.planned_at)
        for meeting in meetings
        if meeting.state == MeetingState.BOOKED and meeting.planned_at is not None
    )
    by_day = {sheet.answered_on: sheet for sheet in sheets}
    due = answers_due(
        course.follow_up, held, booked, sorted(by_day), interval_days=terms.meeting_interval_days
    )
    months = []
    for due_on, waiting, answers in due:
        sheet = by_day[answers[-1]] if answers else None
        is_over = due_on < on or (waiting.last is not None and waiting.last < on)
        months.append(ReviewMonth(due_on, sheet, is_over and sheet is None))
    return months[::-1]
