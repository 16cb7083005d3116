"""Answers of several times side by side: question by question, category by category (D35)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.forms.boundfield import BoundField
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _

from progression.models import Answer, AnswerSheet, Question, Rater, ScaleStep
from progression.rules.changes import has_changed
from progression.steps import steps_of


@dataclass(frozen=True)
class ComparedAnswer:
    """An answer in words; `answer` None when the question was not asked or not answered that time."""

    answer: Answer | None
    words: str

    @property
    def is_given(self) -> bool:
        """Whether a step was chosen."""
        return self.answer is not None and self.answer.value is not None


@dataclass(frozen=True)
class ComparedQuestion:
    """A question to one rater, and the answers of each time, the newest first."""

    question: Question
    rater: Rater
    answers: Sequence[ComparedAnswer]

    @property
    def now(self) -> ComparedAnswer:
        """The newest answer."""
        return self.answers[0]

    @property
    def difference(self) -> int | None:
        """The steps since the time before; None when one of the two was not answered."""
        if len(self.answers) < 2:
            return None
        now, before = self.answers[0].answer, self.answers[1].answer
        if now is None or before is None or now.value is None or before.value is None:
            return None
        return now.value - before.value if has_changed(before.scaled, now.scaled) else 0


@dataclass(frozen=True)
class ComparedCategory:
    """A category with its questions: the citizen's, then the mentor's own.

    `reason_field` is the form's field for the reason, while the sheet is being finished.
    """

    code: str
    label: str
    questions: Sequence[ComparedQuestion]
    reason_field: BoundField | None = None

    @property
    def change(self) -> str:
        """The mean of the steps between the citizen's answers of this time and of last time, with its sign;
        empty when it is 0 or there are no answers to compare."""
        citizens = (compared for compared in self.questions if compared.rater == Rater.CITIZEN)
        steps = [compared.difference for compared in citizens if compared.difference is not None]
        mean = round(sum(steps) / len(steps), 1) if steps else 0
        return f"{'+' if mean > 0 else '−'}{floatformat(abs(mean), '-1')}" if mean else ""

    @property
    def reason(self) -> str:
        """Why its answers differ from the time before (D56)."""
        reasons = (compared.now.answer.reason for compared in self.questions if compared.now.answer)
        return next((reason for reason in reasons if reason), "")


@dataclass
class Comparison:
    """The sheets, the newest first, and their answers by category."""

    sheets: Sequence[AnswerSheet]
    categories: Sequence[ComparedCategory]
    _answers: dict[int, list[Answer]] = field(default_factory=dict)

    def answers_of(self, sheet: AnswerSheet) -> list[Answer]:
        """Return the answers of one of the sheets, with the bounds of their scales."""
        return self._answers.get(sheet.pk, [])

    def with_reason_fields(self, fields: Mapping[str, BoundField]) -> "Comparison":
        """Return the comparison with the form's fields of reasons, which are by the category's code."""
        categories = [
            replace(category, reason_field=fields.get(category.code)) for category in self.categories
        ]
        return replace(self, categories=categories)


def compare(sheets: Sequence[AnswerSheet]) -> Comparison:
    """Return the answers of the sheets (the newest first) to the questions of the newest one; three queries.

    Answers of other versions are found by the question's code.
    """
    answers: dict[int, list[Answer]] = {sheet.pk: [] for sheet in sheets}
    rows = Answer.objects.with_bounds().filter(sheet__in=sheets).order_by("pk")
    for answer in rows.select_related("question__category"):
        answers[answer.sheet_id].append(answer)
    words = _words(answer for of_sheet in answers.values() for answer in of_sheet)
    by_key = [
        {(answer.question.code, answer.rater): answer for answer in answers[sheet.pk]} for sheet in sheets
    ]
    by_category: dict[str, list[ComparedQuestion]] = {}
    labels: dict[str, str] = {}
    for question, rater in _asked_or_answered(sheets[0], answers[sheets[0].pk]):
        compared = [_compared(of_sheet.get((question.code, rater)), words) for of_sheet in by_key]
        labels[question.category.code] = question.category.label
        by_category.setdefault(question.category.code, []).append(ComparedQuestion(question, rater, compared))
    categories = [ComparedCategory(code, labels[code], questions) for code, questions in by_category.items()]
    return Comparison(sheets, categories, answers)


def _asked_or_answered(sheet: AnswerSheet, answers: Iterable[Answer]) -> list[tuple[Question, Rater]]:
    """Return what the pages ask, and what a file has answered besides, by category, rater and order."""
    steps = [(step.question, step.rater) for step in steps_of(sheet.questionnaire_version)]
    answered = [(answer.question, Rater(answer.rater)) for answer in answers]
    ranks = {rater: rank for rank, rater in enumerate(Rater)}
    pairs = {(question.pk, rater): (question, rater) for question, rater in (*steps, *answered)}
    return sorted(
        pairs.values(),
        key=lambda pair: (pair[0].category.order, pair[0].category_id, ranks[pair[1]], pair[0].order),
    )


def _compared(answer: Answer | None, words: dict[tuple[int, int], str]) -> ComparedAnswer:
    if answer is None:
        return ComparedAnswer(None, "–")
    if answer.value is None:
        return ComparedAnswer(answer, _("Not now"))
    return ComparedAnswer(answer, words[answer.question.scale_id, answer.value])


def _words(answers: Iterable[Answer]) -> dict[tuple[int, int], str]:
    """Return the steps in words by scale and value; one query."""
    scales = {answer.question.scale_id for answer in answers}
    return {(step.scale_id, step.value): str(step) for step in ScaleStep.objects.filter(scale__in=scales)}
