"""Answering the doubts about a project's events (D58).

An answer and an approval lock the project: of two at the same moment, either the approval has the answer, or
the answer finds the doubt closed and is refused.
"""

import datetime
import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Project, User
from grants.models import DoubtAnswer, Statement, StatementState
from grants.models.statement import PENDING
from grants.reckoning.compute import compute
from grants.reckoning.doubts import with_doubts
from grants.reckoning.statement import AnsweredDoubt, SubmittedStatement
from grants.statements.notices import DOUBTS, DOUBTS_ANSWERED, tell_next
from grants.storage import submitted
from grants.storage.approvals import with_approved_doubts
from jobfirst import clock


@dataclass(frozen=True, slots=True)
class OpenDoubts:
    """The doubts of a project up to a cut-off, and the statement on its way that they hold up."""

    doubts: tuple[AnsweredDoubt, ...]
    pending: Statement | None

    def find(self, key: str) -> AnsweredDoubt | None:
        """Return the doubt with this key; None when it is settled, or approved."""
        return next((doubt for doubt in self.doubts if doubt.key == key), None)


def open_doubts(project: Project, cut_off: datetime.date, today: datetime.date) -> OpenDoubts:
    """Return the doubts of the project's draft, or of its statement on its way with this cut-off."""
    pending = Statement.objects.pending().filter(project=project, cut_off=cut_off).first()
    view = submitted.read(pending) if pending else compute(cut_off.year, cut_off, [project])
    (item,) = with_doubts(view, today).projects
    return OpenDoubts(item.doubts, pending)


@dataclass(frozen=True, slots=True)
class DoubtReply:
    """What a leader answers: the key of the doubt, the text, and whether it answers all of that sort."""

    key: str
    text: str
    to_all: bool = False
    submission: uuid.UUID | None = None


@transaction.atomic
def answer(
    project: Project, cut_off: datetime.date, reply: DoubtReply, user: User, today: datetime.date
) -> int:
    """Store the answer to a doubt, or to all unanswered ones of its sort; return how many are answered.

    ValidationError when the doubt is open no more: its facts have changed, or the statement is approved.
    Idempotent by the token of the form.
    """
    project = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    if reply.submission and DoubtAnswer.objects.filter(submission=reply.submission).exists():
        return 0
    doubts = open_doubts(project, cut_off, today)
    doubt = doubts.find(reply.key)
    if doubt is None:
        raise ValidationError(
            _("This doubt is open no more: it was settled, or the statement is approved. Nothing is saved.")
        )
    alike = [
        row
        for row in doubts.doubts
        if reply.to_all and row.answer is None and row.doubt.about.kind is doubt.doubt.about.kind
    ]
    answered = [doubt, *(row for row in alike if row.key != doubt.key)]
    _store(project, answered, reply, user)
    keys = {row.key for row in answered}
    if doubts.pending and all(row.answer or row.key in keys for row in doubts.doubts):
        tell_next(DOUBTS_ANSWERED, doubts.pending, user)
    return len(answered)


def _store(project: Project, answered: list[AnsweredDoubt], reply: DoubtReply, user: User) -> None:
    """Store the reply to each of the doubts; the token of the form with the first."""
    now = clock.now()
    DoubtAnswer.objects.bulk_create(
        DoubtAnswer(
            project=project,
            placement_id=row.doubt.placement_id,
            kind=row.doubt.about.kind.value,
            facts=row.doubt.facts,
            text=reply.text,
            answered_by=user,
            answered_name=user.name,
            answered_at=now,
            submission=reply.submission if row.key == reply.key else None,
        )
        for row in answered
    )


def unanswered(statement: Statement, today: datetime.date) -> int:
    """Return how many doubts of a statement on its way have no answer."""
    (item,) = with_doubts(submitted.read(statement), today).projects
    return len(item.unanswered)


def unanswered_in_words(count: int) -> str:
    """Return why a statement with unanswered doubts cannot be approved; empty when there are none."""
    text = ngettext(
        "%(count)d doubt is not answered by the project leader yet: it cannot be approved before.",
        "%(count)d doubts are not answered by the project leader yet: it cannot be approved before.",
        count,
    )
    return text % {"count": count} if count else ""


def ask_for_answers(statement: Statement, user: User, today: datetime.date) -> None:
    """Tell the project's leaders when doubts of a submitted or checked statement wait for an answer."""
    if statement.state != StatementState.APPROVED and unanswered(statement, today):
        tell_next(DOUBTS, statement, user)


def doubts_to_show(view: SubmittedStatement, today: datetime.date) -> SubmittedStatement:
    """Return a submitted statement with its doubts: as approved, or while it is on its way as of today."""
    if view.record.state in PENDING:
        return with_doubts(view, today)
    return with_approved_doubts(view)
