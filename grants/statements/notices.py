"""News of a statement on its way: told to those who act next (D30)."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from grants import policy
from grants.models import Statement
from jobfirst import clock
from reminders import notices
from reminders.extension_points import NoticeKind
from reminders.models import SubjectType


def _link(subject: str) -> str:
    return reverse("grants:project_history", args=[subject])


SUBMITTED = NoticeKind(
    "statement_submitted", _("A statement was submitted and is to be checked"), SubjectType.PROJECT, _link
)
CHECKED = NoticeKind(
    "statement_checked", _("A statement was checked and is to be approved"), SubjectType.PROJECT, _link
)
RETURNED = NoticeKind("statement_returned", _("A statement was sent back"), SubjectType.PROJECT, _link)
APPROVED = NoticeKind(
    "statement_approved", _("A statement was approved and is to be paid"), SubjectType.PROJECT, _link
)
DOUBTS = NoticeKind(
    "statement_doubts", _("Doubts about a statement are to be answered"), SubjectType.PROJECT, _link
)
DOUBTS_ANSWERED = NoticeKind(
    "statement_doubts_answered", _("The doubts about a statement are answered"), SubjectType.PROJECT, _link
)
KINDS = (SUBMITTED, CHECKED, RETURNED, APPROVED, DOUBTS, DOUBTS_ANSWERED)
#: News for the project's leaders; the others are for the agency.
FOR_LEADERS = (RETURNED, DOUBTS)


def tell_next(kind: NoticeKind, statement: Statement, by: User) -> None:
    """Tell those who act next: the project's leaders (FOR_LEADERS), otherwise the agency but for `by`."""
    deciders = policy.deciders().exclude(pk=by.pk)
    people = policy.submitters(statement.project) if kind in FOR_LEADERS else deciders
    notices.tell(kind, statement.project.slug, people, clock.today())
