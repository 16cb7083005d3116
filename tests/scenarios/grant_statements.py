"""A project's grant statement, reckoned from its placements, in each state of its lifecycle."""

import datetime

from accounts.models import Project, User
from grants.models import Statement
from grants.reckoning.compute import compute
from grants.statements import actions, documents
from grants.statements.doubt_answers import DoubtReply, answer, open_doubts
from grants.storage.submitted import content_hash
from jobfirst import clock
from tests.factories import UserFactory

END_2016 = datetime.date(2016, 12, 31)


def submitted_statement(project: Project, cut_off: datetime.date, user: User | None = None) -> Statement:
    """Submit the statement of the cut-off's year, by the user or by somebody."""
    seen = content_hash(compute(cut_off.year, cut_off, [project]))
    reason = "Halvår" if actions.earlier_of_year(project, cut_off.year) else ""
    return actions.submit(
        project,
        cut_off.year,
        cut_off,
        user or UserFactory(),
        seen=seen,
        last_day=None,
        another_reason=reason,
    )


def answer_doubts(project: Project, cut_off: datetime.date) -> None:
    """Let somebody of the project answer every doubt about its events up to the cut-off."""
    today = clock.today()
    for doubt in open_doubts(project, cut_off, today).doubts:
        if doubt.answer is None:
            answer(project, cut_off, DoubtReply(doubt.key, "Kommunen har set efter"), UserFactory(), today)


def checked_statement(project: Project, cut_off: datetime.date) -> Statement:
    """Submit the statement, answer its doubts, make its PDF and check it, each by a person of their own."""
    statement = submitted_statement(project, cut_off)
    answer_doubts(project, cut_off)
    documents.make(statement.document.pk)
    return actions.check(statement, UserFactory())


def approved_statement(project: Project, cut_off: datetime.date) -> Statement:
    """Submit, check and approve the statement, each by a person of their own."""
    return actions.approve(checked_statement(project, cut_off), UserFactory())
