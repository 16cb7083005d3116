"""The progression answers are missing: the mentor, in the days before each monthly meeting (D23, D33)."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import TrialTerms
from cases.deadlines.facts import CourseDays, CourseKeys, meeting_days, of_courses, owed_by
from cases.deadlines.meeting_not_booked import booked_days
from cases.models import CourseFunction
from jobfirst.values.dates import DAY, DateSpan
from progression.models import AnswerSheet
from progression.rules.answers_due import answers_due
from reminders.extension_points import DeadlineKind, InPause, Owed
from reminders.fact_cache import read_once
from reminders.models import SubjectType
from reminders.rules.due_dates import DueDate


def due_dates(
    follow_up: DateSpan,
    held: Sequence[datetime.date],
    booked: Sequence[datetime.date],
    answered: Sequence[datetime.date],
    *,
    interval_days: int,
    lead_days: int,
) -> Iterator[DueDate]:
    """Yield the answers due before each meeting, shown from `lead_days` before until they are given.

    Overdue answers are shown until the meeting is held. All days are in order.
    """
    for due_on, waiting, answers in answers_due(
        follow_up, held, booked, answered, interval_days=interval_days
    ):
        open_days = waiting.until(answers[0] - DAY) if answers else waiting
        due_date = DueDate(due_on, max(due_on - lead_days * DAY, waiting.first), open_days.last)
        if not due_date.is_empty:
            yield due_date


@read_once
def answered_days(keys: CourseKeys) -> dict[int, list[datetime.date]]:
    """Return the days of the finished answers by course id, in order; one query."""
    days: dict[int, list[datetime.date]] = defaultdict(list)
    sheets = of_courses(AnswerSheet.objects.of_review(), keys).order_by("answered_on")
    for course, answered_on in sheets.values_list("course_id", "answered_on"):
        days[course].append(answered_on)
    return days


def find(keys: CourseKeys) -> Iterator[Owed]:
    """Return what the courses owe."""
    held, booked, answered = meeting_days(keys), booked_days(keys), answered_days(keys)

    def of_course(course: CourseDays, terms: TrialTerms) -> Iterator[DueDate]:
        return due_dates(
            course.follow_up,
            held.get(course.pk, ()),
            booked.get(course.pk, ()),
            answered.get(course.pk, ()),
            interval_days=terms.meeting_interval_days,
            lead_days=terms.progression_lead_days,
        )

    return owed_by(keys, KIND.code, of_course)


def _review(public_id: str) -> str:
    return reverse("progression:review", args=[public_id])


KIND = DeadlineKind(
    code="progression_missing",
    label=_("The progression answers are missing"),
    subject_type=SubjectType.COURSE,
    functions=(CourseFunction.MENTOR,),
    find=find,
    link=_review,
    in_pause=InPause.SUSPENDED,
    task=_("Answers to the progression questions"),
    follows=("meeting_not_booked", "meeting_overdue"),
)
