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
KINDS = (SUBMITTED, CHECKED, RETURNED, APPROVED)


def tell_next(kind: NoticeKind, statement: Statement, by: User) -> None:
    """Tell those who act next: after a return the project's leaders, otherwise the agency but for `by`."""
    deciders = policy.deciders().exclude(pk=by.pk)
    people = policy.submitters(statement.project) if kind is RETURNED else deciders
    notices.tell(kind, statement.project.slug, people, clock.today())
