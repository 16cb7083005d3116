"""The steps of a statement (D30): submit, check, approve, pay; or send back.

Each step is one transaction under a lock on the project, so that of two simultaneous requests one takes it.
While a statement is reckoned to be submitted or approved its courses are locked and new terms wait. The
database enforces the same rules (`grants.models.triggers`).
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
from grants.reckoning.compute import compute
from grants.reckoning.frame import NoTermsError
from grants.reckoning.statement import ZERO, StatementView
from grants.statements import document_orders, doubt_answers
from grants.statements.notices import APPROVED, CHECKED, RETURNED, SUBMITTED, tell_next
from grants.storage import approvals, stored_events, submitted
from jobfirst import clock


def declaration() -> str:
    """Return the declaration of the project leader who submits."""
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
    another_reason: str = "",
    submission: uuid.UUID | None = None,
) -> Statement:
    """Reckon the statement and submit it. ValidationError when it cannot be submitted.

    `seen` is the hash of the draft that the leader saw: refused if a new reckoning differs. `last_day` is the
    latest cut-off allowed (None: any, in a rehearsal). `another_reason` says why a year that has an approved
    statement gets another one. Idempotent by `submission`, the token of the form.
    """
    project = _lock_project(project)
    if submission and (statement := Statement.objects.filter(submission=submission).first()):
        return statement
    _check_cut_off(project, year, cut_off, last_day)
    _check_reason(project, year, another_reason)
    lock_reckoning(project)
    try:
        draft = compute(year, cut_off, [project], with_spells=True)
    except NoTermsError as error:
        raise ValidationError(str(error)) from error
    if submitted.content_hash(draft) != seen:
        text = _("The courses have changed since this page was opened. Read the figures again.")
        raise ValidationError(text)
    statement = _create_prepared(draft, user, submission)
    submitted.write(statement, draft)
    statement.content_hash, statement.declaration = seen, declaration()
    statement.another_reason = another_reason.strip()
    statement.submitted_at = clock.now()
    statement.state = StatementState.SUBMITTED
    statement.save()
    document_orders.order_for_statement(statement, user)
    tell_next(SUBMITTED, statement, user)
    return statement


def _check_reason(project: Project, year: int, another_reason: str) -> None:
    """Refuse another statement of a year without a reason."""
    if not another_reason.strip() and earlier_of_year(project, year):
        raise ValidationError({"another_reason": _("Write why the year gets another statement.")})


def earlier_of_year(project: Project, year: int) -> Statement | None:
    """Return the project's latest approved statement of the year; None when this is the first one."""
    return Statement.objects.approved().filter(project=project, year=year).order_by("cut_off").last()


def _create_prepared(draft: StatementView, user: User, submission: uuid.UUID | None) -> Statement:
    """Return the statement of a project's draft in state `preparing`, saved without its lines."""
    (project_statement,) = draft.projects
    latest_approved = project_statement.latest_approved
    return Statement.objects.create(
        project=project_statement.project,
        project_slug=project_statement.project.slug,
        project_name=project_statement.project.name,
        year=draft.year,
        cut_off=draft.cut_off,
        terms=draft.terms,
        previous_id=latest_approved.statement_id if latest_approved else None,
        target_count=project_statement.target_count,
        ceiling=project_statement.ceiling,
        starts=project_statement.starts,
        completions=project_statement.completions,
        earned_before=project_statement.earned_before,
        earned_to_date=project_statement.earned_to_date,
        paid_before=project_statement.paid_before,
        approved_unpaid=project_statement.approved_unpaid,
        payable=project_statement.payable,
        paid=max(project_statement.payable, ZERO),
        submitted_by=user,
        submitted_name=user.name,
        submission=submission,
    )


def _lock_project(project: Project) -> Project:
    """Return the project as stored now, locked until the transaction ends."""
    return Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def lock_reckoning(project: Project) -> None:
    """Lock everything that a reckoning of the project rests on, until the transaction ends.

    The stored events are held against the placements once more, before money follows from them. A correction
    of a placement locks its course first, entering terms takes the lock on the terms; awards and the
    project's dates are under the lock on the project.
    """
    stored_events.bring_up_to_date(stored_events.lock_courses(Course.objects.filter(project=project)))


def cut_off_objection(
    project: Project,
    year: int,
    cut_off: datetime.date,
    last_day: datetime.date | None,
    approved: datetime.date | None,
) -> str:
    """Return why a statement with this cut-off cannot be submitted; empty when it can.

    `approved` is the cut-off of the project's latest approved statement; `last_day` as for `submit`.
    """
    if cut_off.year != year:
        return _("The cut-off must lie in the statement's year.")
    if cut_off < project.starts_on:
        text = _("The project begins on %(day)s: the cut-off must not be before it.")
        return text % {"day": date_format(project.starts_on)}
    if last_day and cut_off > last_day:
        return _("The cut-off lies ahead. Submit when the day is over.")
    if approved and cut_off <= approved:
        text = _("The cut-off must be later than that of the last approved statement, %(day)s.")
        return text % {"day": date_format(approved)}
    return ""


def _check_cut_off(
    project: Project, year: int, cut_off: datetime.date, last_day: datetime.date | None
) -> None:
    """Refuse an invalid cut-off, and a second pending statement."""
    latest = Statement.objects.approved().filter(project=project).order_by("cut_off").last()
    if objection := cut_off_objection(project, year, cut_off, last_day, latest.cut_off if latest else None):
        raise ValidationError(objection)
    if Statement.objects.filter(project=project, state__in=PENDING).exists():
        raise ValidationError(_("A statement of the project is already on its way."))


def _lock_for_step(statement: Statement, *states: str) -> Statement:
    """Return the statement locked. ValidationError when it is in none of the `states` a step begins in."""
    _lock_project(statement.project)
    current = Statement.objects.select_for_update(of=("self",)).select_related("project").get(pk=statement.pk)
    if current.state not in states:
        text = _("Somebody else has been here: the statement is %(state)s.")
        raise ValidationError(text % {"state": str(StatementState(current.state).label).lower()})
    return current


def _check_person(statement: Statement, user: User) -> None:
    """Refuse whoever submitted the statement, and everybody who has a role in its project."""
    if user.pk == statement.submitted_by_id:
        raise ValidationError(_("Nobody checks, approves or pays a statement of their own."))
    if policy.belongs_to(user, statement.project):
        raise ValidationError(_("Whoever has a role in the project does not decide on its statements."))


@transaction.atomic
def check(statement: Statement, user: User) -> Statement:
    """Check the statement: the first of two people of the agency."""
    current = _lock_for_step(statement, StatementState.SUBMITTED)
    _check_person(current, user)
    current.state = StatementState.CHECKED
    current.checked_by, current.checked_at = user, clock.now()
    current.checked_name = user.name
    current.version += 1
    current.save()
    tell_next(CHECKED, current, user)
    doubt_answers.ask_for_answers(current, user, clock.today())
    return current


@transaction.atomic
def approve(statement: Statement, user: User) -> Statement:
    """Approve the statement: a second person of the agency; from then on the sum is owed.

    Refused when the person submitted or checked it or has a role in the project, when its PDF is not made
    yet, when a new reckoning differs from what was submitted, and while a doubt is unanswered (D58). What is
    approved is stored with its hash, and its approval sheet ordered. A simultaneous correction is either seen
    or waits until the approval is committed.
    """
    current = _lock_for_step(statement, StatementState.CHECKED)
    lock_reckoning(current.project)
    if objection := approval_objection(current, user):
        raise ValidationError(objection)
    now = clock.now()
    view = doubt_answers.doubts_to_show(submitted.read(current), clock.today())
    pdf_sha256 = current.document.sha256
    content = approvals.approved_content(view, approvals.ApprovalStep(user.name, now), pdf_sha256)
    approvals.store(current, content)
    current.state = StatementState.APPROVED
    current.approved_by, current.approved_at = user, now
    current.approved_name = user.name
    current.pdf_sha256 = pdf_sha256
    current.version += 1
    current.save()
    document_orders.order_approved(current, user)
    if current.paid:
        tell_next(APPROVED, current, user)
    return current


def approval_objection(statement: Statement, user: User) -> str:
    """Return why the user cannot approve the checked statement now; empty when the user can."""
    try:
        _check_person(statement, user)
    except ValidationError as error:
        return error.messages[0]
    if user.pk == statement.checked_by_id:
        return _("Nobody checks and approves the same statement.")
    document = getattr(statement, "document", None)
    if document is not None and document.state == DocumentState.FAILED:
        return _("The statement's PDF could not be made. Order it again first.")
    if document is None or document.state != DocumentState.DONE:
        return _("The statement's PDF is not made yet. Wait a moment and try again.")
    if not is_fresh(statement):
        return _("The courses have changed since it was submitted. Send it back to be submitted anew.")
    return doubt_answers.unanswered_in_words(doubt_answers.unanswered(statement, clock.today()))


def is_fresh(statement: Statement) -> bool:
    """Whether a reckoning made now has the same content hash as the submitted statement."""
    try:
        draft = compute(statement.year, statement.cut_off, [statement.project])
    except NoTermsError:
        return False
    return submitted.content_hash(draft, statement.project_slug) == statement.content_hash


@transaction.atomic
def send_back(statement: Statement, user: User, reason: str) -> Statement:
    """Send the statement back to the project with a reason. It stays stored; a new one may follow."""
    current = _lock_for_step(statement, *PENDING)
    current.state = StatementState.RETURNED
    current.returned_by, current.returned_at, current.returned_reason = user, clock.now(), reason
    current.returned_name = user.name
    current.version += 1
    current.save()
    tell_next(RETURNED, current, user)
    return current


@transaction.atomic
def pay(
    statement: Statement, user: User, paid_on: datetime.date, reference: str, *, last_day: datetime.date
) -> Statement:
    """Record the payment of the approved sum, with its day and reference.

    The day lies between that of the approval (in Denmark) and `last_day`. Refused for whoever submitted.
    """
    current = _lock_for_step(statement, StatementState.APPROVED)
    _check_person(current, user)
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
