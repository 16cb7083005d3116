"""The monthly meeting is overdue: the course owner, from the day after it was due until one is held (D18)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, meeting_days, owed_by
from cases.deadlines.links import section_of_page
from cases.models import CourseFunction
from cases.rules.monthly_meeting import meetings_due
from jobfirst.values.dates import DAY, DateSpan
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(follow_up: DateSpan, held: Sequence[datetime.date], *, interval_days: int) -> Iterator[DueDate]:
    """Yield each meeting due, shown from the day after until one is held; `held` are days, in order."""
    for due_on, waiting in meetings_due(follow_up, held, interval_days=interval_days):
        due_date = DueDate(due_on, max(due_on + DAY, waiting.first), waiting.last)
        if not due_date.is_empty:
            yield due_date


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    held = meeting_days(keys)

    def of_course(course: CourseDays, terms: TrialTerms) -> Iterator[DueDate]:
        days = held.get(course.pk, ())
        return due_dates(course.follow_up, days, interval_days=terms.meeting_interval_days)

    return owed_by(keys, KIND.code, of_course)


KIND = DeadlineKind(
    code="meeting_overdue",
    label=_("The follow-up meeting is overdue"),
    task=_("Follow-up meeting"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.COURSE_OWNER,),
    find=find,
    link=section_of_page("meetings"),
    in_pause=InPause.SUSPENDED,
    demanded=True,
)
