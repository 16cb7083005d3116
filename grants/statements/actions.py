"""What is done with a statement (D30): submitted, checked, approved, paid; or sent back.

Every step is one transaction under a lock on the project, so that two people who press at the same moment
take it once. While a statement is reckoned to be submitted or approved, nothing that it rests on changes: its
courses are locked, and new terms wait. The database refuses the same things again (`grants.models.triggers`).
"""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Project, User
from cases.models import Course
from grants import policy
from grants.models import DocumentState, Statement, StatementState
from grants.models.statement import PENDING
from grants.reckoning.compute import NoTermsError, compute
from grants.reckoning.statement import ZERO, Draft
from grants.statements import document_orders
from grants.storage import submitted, terms_lock
from jobfirst import clock


def declaration() -> str:
    """What the project leader declares when she submits."""
    return _(
        "I declare that the courses behind this statement took place as registered, that the days are "
        "documented, and that no part is paid from elsewhere."
    )


@transaction.atomic
def submit(
    project: Project,
    year: int,
    cut_off: datetime.date,
    user: User,
    *,
    seen: str,
    last_day: datetime.date | None,
    submission: uuid.UUID | None = None,
) -> Statement:
    """Reckon the statement and hand it in. ValidationError says what stands in the way.

    `seen` is the hash of the draft that the leader saw: if the courses have changed meanwhile, she looks
    again first. `last_day` bounds the cut-off: the last day that is over (None in a rehearsal, which plays
    ahead). The same form sent twice gives the same statement.
    """
    project = _lock(project)
    if submission and (made := Statement.objects.filter(submission=submission).first()):
        return made
    _check_cut_off(project, year, cut_off, last_day)
    hold_still(project)
    try:
        draft = compute(year, cut_off, [project], with_accounts=True)
    except NoTermsError as error:
        raise ValidationError(str(error)) from error
    if submitted.content_hash(draft) != seen:
        raise ValidationError(
            _("The courses have changed since this page was opened. Read the figures again.")
        )
    statement = _prepared(draft, user, submission)
    submitted.write(statement, draft)
    statement.content_hash = seen
    statement.declaration = declaration()
    statement.submitted_at = clock.now()
    statement.state = StatementState.SUBMITTED
    statement.save()
    document_orders.order_for_statement(statement, user)
    return statement


def _prepared(draft: Draft, user: User, submission: uuid.UUID | None) -> Statement:
    """The statement of a project's draft, saved without its lines and in nobody's sight yet."""
    (own,) = draft.projects
    return Statement.objects.create(
        project=own.project,
        project_slug=own.project.slug,
        project_name=own.project.name,
        year=draft.year,
        cut_off=draft.cut_off,
        terms=draft.terms,
        previous_id=own.before.statement_id if own.before else None,
        target_count=own.target_count,
        ceiling=own.ceiling,
        starts=own.starts,
        completions=own.completions,
        earned_before=own.earned_before,
        earned_to_date=own.earned_to_date,
        paid_before=own.paid_before,
        payable=own.payable,
        paid=max(own.payable, ZERO),
        submitted_by=user,
        submitted_name=user.name,
        submission=submission,
    )


def _lock(project: Project) -> Project:
    """The project as it is now, locked until the transaction ends."""
    return Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def hold_still(project: Project) -> None:
    """Let nothing change that a reckoning of the project rests on, until the transaction ends.

    Whoever corrects a placement locks its course first, whoever enters terms takes their lock; awards and the
    project's own dates are under the lock on the project.
    """
    list(
        Course.objects.select_for_update(no_key=True).filter(project=project).order_by("pk").values_list("pk")
    )
    terms_lock.shared()


def cut_off_refused(
    project: Project,
    year: int,
    cut_off: datetime.date,
    last_day: datetime.date | None,
    approved: datetime.date | None,
) -> str:
    """Why a statement with this cut-off cannot be submitted, in words; empty when it can.

    `approved` is the cut-off of the project's latest approved statement; `last_day` as for `submit`.
    """
    if cut_off.year != year:
        return _("The cut-off must lie in the statement's year.")
    if cut_off < project.starts_on:
        said = _("The project begins on %(day)s: the cut-off must not be before it.")
        return said % {"day": date_format(project.starts_on)}
    if last_day and cut_off > last_day:
        return _("The cut-off lies ahead. Submit when the day is over.")
    if approved and cut_off <= approved:
        said = _("The cut-off must be later than that of the last approved statement, %(day)s.")
        return said % {"day": date_format(approved)}
    return ""


def _check_cut_off(
    project: Project, year: int, cut_off: datetime.date, last_day: datetime.date | None
) -> None:
    """Refuse a cut-off that cannot be, and a second statement on its way."""
    latest = Statement.objects.approved().filter(project=project).order_by("cut_off").last()
    if said := cut_off_refused(project, year, cut_off, last_day, latest.cut_off if latest else None):
        raise ValidationError(said)
    if Statement.objects.filter(project=project, state__in=PENDING).exists():
        raise ValidationError(_("A statement of the project is already on its way."))


def _step(statement: Statement, *states: str) -> Statement:
    """The statement under lock; ValidationError when it is no longer in a state the step begins in."""
    _lock(statement.project)
    current = Statement.objects.select_for_update(of=("self",)).select_related("project").get(pk=statement.pk)
    if current.state not in states:
        said = _("Somebody else has been here: the statement is %(state)s.")
        raise ValidationError(said % {"state": str(StatementState(current.state).label).lower()})
    return current


def _check_hands(statement: Statement, user: User) -> None:
    """Refuse whoever submitted the statement, and everybody who has a role in its project."""
    if user.pk == statement.submitted_by_id:
        raise ValidationError(_("Nobody checks, approves or pays a statement of their own."))
    if policy.belongs_to(user, statement.project):
        raise ValidationError(_("Whoever has a role in the project does not decide on its statements."))


@transaction.atomic
def check(statement: Statement, user: User) -> Statement:
    """The first person of the agency has been through it."""
    current = _step(statement, StatementState.SUBMITTED)
    _check_hands(current, user)
    current.state = StatementState.CHECKED
    current.checked_by, current.checked_at = user, clock.now()
    current.checked_name = user.name
    current.version += 1
    current.save()
    return current


@transaction.atomic
def approve(statement: Statement, user: User) -> Statement:
    """A second person of the agency approves; from here on the sum is owed.

    Refused when the person submitted or checked it herself or has a role in the project, when its PDF is not
    made yet, and when a fresh reckoning gives anything else than what was submitted. A correction made at the
    same moment is seen, or waits until the approval stands.
    """
    current = _step(statement, StatementState.CHECKED)
    _check_hands(current, user)
    if user.pk == current.checked_by_id:
        raise ValidationError(_("Nobody checks and approves the same statement."))
    document = getattr(current, "document", None)
    if document is not None and document.state == DocumentState.FAILED:
        raise ValidationError(_("The statement's PDF could not be made. Order it again first."))
    if document is None or document.state != DocumentState.DONE:
        raise ValidationError(_("The statement's PDF is not made yet. Wait a moment and try again."))
    hold_still(current.project)
    if not is_fresh(current):
        raise ValidationError(
            _("The courses have changed since it was submitted. Send it back to be submitted anew.")
        )
    current.state = StatementState.APPROVED
    current.approved_by, current.approved_at = user, clock.now()
    current.approved_name = user.name
    current.pdf_sha256 = document.sha256
    current.version += 1
    current.save()
    return current


def is_fresh(statement: Statement) -> bool:
    """Whether a reckoning made now gives what was submitted, to the krone and the day."""
    try:
        draft = compute(statement.year, statement.cut_off, [statement.project])
    except NoTermsError:
        return False
    return submitted.content_hash(draft, statement.project_slug) == statement.content_hash


@transaction.atomic
def send_back(statement: Statement, user: User, reason: str) -> Statement:
    """Give the statement back to the project with a reason; it stays as it was, a new one follows."""
    current = _step(statement, *PENDING)
    current.state = StatementState.RETURNED
    current.returned_by, current.returned_at, current.returned_reason = user, clock.now(), reason
    current.returned_name = user.name
    current.version += 1
    current.save()
    return current


@transaction.atomic
def pay(
    statement: Statement, user: User, paid_on: datetime.date, reference: str, *, last_day: datetime.date
) -> Statement:
    """Record that the approved sum was paid: on which day, under which reference.

    The day lies between that of the approval (in Denmark) and `last_day`. Not recorded by whoever submitted.
    """
    current = _step(statement, StatementState.APPROVED)
    _check_hands(current, user)
    if not current.paid:
        raise ValidationError(_("There is nothing to pay."))
    if current.approved_at and paid_on < timezone.localdate(current.approved_at):
        raise ValidationError({"paid_on": _("The payment must not be before the approval.")})
    if paid_on > last_day:
        raise ValidationError({"paid_on": _("The payment lies ahead.")})
    current.state = StatementState.PAID
    current.paid_by, current.paid_at = user, clock.now()
    current.paid_name = user.name
    current.paid_on, current.payment_reference = paid_on, reference
    current.version += 1
    current.save()
    return current
