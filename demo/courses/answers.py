"""The demo's answers to the progression tool: before most meetings, most with a slow rise (D23).

The values come from a random generator of the course's own, so that the rest of the demo stays as it is.
"""

import datetime
import random
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from cases.models import CourseFunction, FollowUpMeeting
from demo.courses.history import CourseHistory
from demo.courses.thoroughness import is_thorough
from jobfirst.values.dates import DAY
from progression.models import TOOL, Answer, AnswerSheet, QuestionnaireVersion, SheetState
from progression.steps import Step, steps_of

ANSWERED_SHARE = 0.85  # of the meetings; before the others the answers are missing
NOT_NOW_SHARE = 0.03
SETBACK_SHARE = 0.25  # of the citizens: their answers fall from month to month
RISE, FALL = 0.25, -0.8  # of a level from meeting to meeting, on average
HIGHEST = 10
REASONS = [
    "Snusepraktikken gik bedre end ventet.",
    "Har fået mere ro derhjemme.",
    "Sover dårligere for tiden.",
    "Kender nu kollegerne og opgaverne.",
    "Har talt med lægen om medicinen.",
    "Er begyndt at cykle til praktikken.",
]


def add_answers(histories: Iterable[CourseHistory]) -> None:
    """Add finished answers before most of the meetings held in each course."""
    version = QuestionnaireVersion.objects.of(TOOL).published().get()
    steps = steps_of(version)
    for history in histories:
        _Answering(history, version, steps).add_all()


class _Answering:
    """Adds the answers of one course; `level` is how well the citizen is doing, by category, and
    `drift` how that changes from meeting to meeting."""

    def __init__(self, history: CourseHistory, version: QuestionnaireVersion, steps: list[Step]) -> None:
        self.history, self.version, self.steps = history, version, steps
        self.rng = random.Random(f"progression {history.course.referral.public_id}")  # noqa: S311
        self.level = {step.question.category.code: self.rng.uniform(2, 6) for step in steps}
        self.drift = FALL if self.rng.random() < SETBACK_SHARE else RISE
        self.before: dict[tuple[int, str], int | None] = {}

    def add_all(self) -> None:
        last = self.history.course.started_on - DAY
        for held_on in self._meeting_days():
            day = max(held_on - self.rng.randrange(4) * DAY, self.history.course.started_on)
            if (self.rng.random() < ANSWERED_SHARE or is_thorough(self.history.course)) and day > last:
                self._add_sheet(day)
                last = day
            for code in self.level:
                self.level[code] = min(9.0, max(1.0, self.level[code] + self.rng.gauss(self.drift, 0.4)))

    def _meeting_days(self) -> list[datetime.date]:
        meetings = self.history.rows[FollowUpMeeting]
        return sorted(meeting.held_on for meeting in meetings if meeting.held_on is not None)

    def _add_sheet(self, day: datetime.date) -> None:
        mentor: User = self.history.people[CourseFunction.MENTOR]
        sheet = self.history.add(
            AnswerSheet(
                course=self.history.course,
                questionnaire_version=self.version,
                state=SheetState.FINISHED,
                answered_on=day,
                started_by=mentor,
                finished_by=mentor,
                finished_at=timezone.make_aware(datetime.datetime.combine(day, datetime.time(11))),
            )
        )
        reasons = {code: self.rng.choice(REASONS) for code in self.level}
        for step in self.steps:
            value = self._value(step)
            key = (step.question.pk, step.rater.value)
            earlier = self.before.get(key)
            has_changed = None not in (earlier, value) and earlier != value
            self.history.add(
                Answer(
                    sheet=sheet,
                    question=step.question,
                    rater=step.rater,
                    value=value,
                    reason=reasons[step.question.category.code] if has_changed else "",
                )
            )
            self.before[key] = value

    def _value(self, step: Step) -> int | None:
        if self.rng.random() < NOT_NOW_SHARE:
            return None
        value = round(self.level[step.question.category.code] + self.rng.gauss(0, 0.6))
        return min(HIGHEST, max(0, value))
