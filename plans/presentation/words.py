"""What the citizen's word on the plans asks of the next meeting (D55)."""

import datetime

from cases.models import Course
from plans.models import CitizenWord, PlanSubject, WordAnswer


def words_to_take_up(course: Course, since: datetime.date | None) -> list[CitizenWord]:
    """Return what the next meeting takes up: of each plan the citizen's newest word, when it is that she
    disagrees or could not answer, and she said it on `since` (the last meeting held) or later; None: ever.

    Reads `course.citizen_words`, the newest first; prefetch them with their `plan`.
    """
    newest: dict[str, CitizenWord] = {}
    for word in course.citizen_words.all():
        newest.setdefault(word.subject, word)
    return [
        newest[subject]
        for subject in PlanSubject.values
        if subject in newest
        and newest[subject].answer != WordAnswer.AGREES
        and (since is None or newest[subject].said_on >= since)
    ]
