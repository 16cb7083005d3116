"""The steps of answering a sheet: one question at a time, first the citizen's, then the mentor's own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from progression.models import Answer, Question, QuestionnaireVersion, Rater

#: The parts in which the pages ask, in order.
PARTS = (Rater.CITIZEN, Rater.MENTOR)


@dataclass(frozen=True)
class Step:
    """A question to one rater: `number` counts all steps, `place` those of its part (of `length`), from 1."""

    number: int
    rater: Rater
    place: int
    length: int
    question: Question

    @property
    def is_first_of_part(self) -> bool:
        """Whether the rater's part begins here."""
        return self.place == 1


def steps_of(version: QuestionnaireVersion) -> list[Step]:
    """Return the steps of a version, in order; one query."""
    questions = list(version.questions.select_related("category"))
    return list(_numbered(questions))


def _numbered(questions: Iterable[Question]) -> Iterator[Step]:
    number = 0
    for rater in PARTS:
        questions_of_rater = [question for question in questions if rater in question.asked_of]
        for place, question in enumerate(questions_of_rater, 1):
            number += 1
            yield Step(number, rater, place, len(questions_of_rater), question)


def open_steps(steps: Iterable[Step], answers: Iterable[Answer]) -> list[Step]:
    """Return the steps that have no answer yet, not even "not now"."""
    answered = {(answer.question_id, answer.rater) for answer in answers}
    return [step for step in steps if (step.question.pk, step.rater) not in answered]
