"""The answers of an annex side by side: this month, the one before, and the first one (D35)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from companies.annex.months import AnnexOverTime, AnsweredMonth
from companies.models import AnnexParty, AnnexReply
from progression.models import Question, ScaleStep


@dataclass(frozen=True)
class AnswerInWords:
    """The answer of one party in words; empty when it was not asked or has not answered."""

    party: AnnexParty
    words: str
    value: int | None


@dataclass(frozen=True)
class ComparedAnnexQuestion:
    """A question as it is put to `party`, and the answers of each month, the newest first."""

    question: Question
    party: AnnexParty
    months: Sequence[Sequence[AnswerInWords]]

    @property
    def text(self) -> str:
        """The question as it is put to the party."""
        return self.question.text_to(self.party.rater)


@dataclass(frozen=True)
class AnnexComparison:
    """The months beside each other, the newest first, and their answers question by question."""

    months: Sequence[AnsweredMonth]
    questions: Sequence[ComparedAnnexQuestion]


def months_beside(annex: AnnexOverTime, chosen: AnsweredMonth | None) -> list[AnsweredMonth]:
    """Return the chosen month (or the newest one that has answers to show), the one before, and the first."""
    answered = [month for month in annex.months if month.has_replies and month.is_shown]
    if chosen is not None:
        answered = [month for month in answered if month.month.due_on <= chosen.month.due_on]
    return [*answered[:2], *(answered[-1:] if len(answered) > 2 else ())]


def compare_months(
    months: Sequence[AnsweredMonth], put_to: AnnexParty = AnnexParty.COMPANY
) -> AnnexComparison | None:
    """Return the answers of the months (the newest first) question by question; None without any. One query.

    The questions stand as they are put to `put_to`; staff read those of the company. Answers to other
    versions are found by the question's code.
    """
    if not months:
        return None
    replies = [reply for month in months for reply in (month.company, month.citizen) if reply is not None]
    words = _words(replies)
    by_reply = {
        reply.pk: {answer.question.code: answer for answer in reply.answers.all()} for reply in replies
    }
    questions: dict[str, Question] = {}
    for reply in replies:
        for answer in reply.answers.all():
            questions.setdefault(answer.question.code, answer.question)

    def answer_of(month: AnsweredMonth, party: AnnexParty, code: str) -> AnswerInWords:
        reply = month.reply_of(party)
        answer = None if reply is None else by_reply[reply.pk].get(code)
        if answer is None:
            return AnswerInWords(party, "–", None)
        if answer.value is None:
            return AnswerInWords(party, _("Don't know"), None)
        return AnswerInWords(party, words[answer.question.scale_id, answer.value], answer.value)

    return AnnexComparison(
        months,
        [
            ComparedAnnexQuestion(
                question,
                put_to,
                [[answer_of(month, party, code) for party in AnnexParty] for month in months],
            )
            for code, question in questions.items()
        ],
    )


def _words(replies: Sequence[AnnexReply]) -> dict[tuple[int, int], str]:
    """Return the steps in words by scale and value; one query."""
    scales = {answer.question.scale_id for reply in replies for answer in reply.answers.all()}
    return {(step.scale_id, step.value): str(step) for step in ScaleStep.objects.filter(scale__in=scales)}
