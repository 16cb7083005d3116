"""Who may do what with grants. The only module of the app that names roles.

The agency sees every project by pseudonym and decides; a project leader sees the projects she leads and
submits for them.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Project, User
from accounts.policy import (
    is_agency,
    leaders_of,
    leads_a_project,
    leads_project,
    led_project_ids,
    led_projects,
    people_of_the_agency,
)
from grants.models import Document, Snapshot, SnapshotQuerySet, Statement, StatementQuerySet, StatementState
from grants.models.statement import PENDING


def belongs_to(user: User, project: Project) -> bool:
    """Whether the user holds any role in the project, and so may not decide on its statements."""
    return project.pk in user.project_ids()


def submitters(project: Project) -> QuerySet[User]:
    """Return the people who submit statements of the project: its leaders."""
    return leaders_of(project)


def deciders() -> QuerySet[User]:
    """Return the people who check, approve and pay statements: the agency's."""
    return people_of_the_agency()


def statement_projects(user: User) -> QuerySet[Project]:
    """Return the projects whose statements the user may see."""
    if is_agency(user):
        return Project.objects.all()
    return led_projects(user)


def sees_statements_of(user: User, project: Project) -> bool:
    """Whether the project is one of `statement_projects`; without a query."""
    return bool(is_agency(user) or leads_project(user, project))


def statements(user: User) -> StatementQuerySet:
    """Return the submitted statements the user may see."""
    return Statement.objects.submitted().filter(project__in=statement_projects(user))


def documents(user: User) -> QuerySet[Document]:
    """Return the documents the user may see.

    These are her own drafts, while she may see every project in them, and the PDFs of the statements she may
    see.
    """
    visible_content = Q(snapshot=None) | Q(snapshot__in=snapshots(user))
    own_drafts = Q(requested_by=user, statement=None, approved=None) & visible_content
    visible = statements(user)
    return Document.objects.filter(own_drafts | Q(statement__in=visible) | Q(approved__in=visible))


def may_receive(document: Document) -> bool:
    """Whether the person who ordered the document may still see its content.

    The PDF of a submitted statement belongs to everybody who may see the statement.
    """
    user = document.requested_by
    if document.statement_id or document.approved_id:
        return True
    if not user.is_active or not user.has_perm("grants.view_statements"):
        return False
    if document.again and document.snapshot_id:
        return snapshots(user).filter(pk=document.snapshot_id).exists()
    return document.project is None or statement_projects(user).filter(pk=document.project.pk).exists()


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The next steps with a statement that a person may take, and why others are closed to her."""

    check: bool = False
    approve: bool = False
    send_back: bool = False
    pay: bool = False
    #: Why a step is closed: she has submitted or checked the statement, or has a role in the project.
    other_hands: bool = False
    inside: bool = False


def next_steps(user: User, statement: Statement) -> NextSteps:
    """Return the next steps the user may take; none for users outside the agency.

    Nobody takes two of submitting, checking and approving; people of the project may only send back.
    """
    if not is_agency(user):
        return NextSteps()
    has_role_in_project = belongs_to(user, statement.project)
    has_acted = user.pk in {statement.submitted_by_id, statement.checked_by_id}
    may_decide = not has_acted and not has_role_in_project
    return NextSteps(
        check=statement.state == StatementState.SUBMITTED and may_decide,
        approve=statement.state == StatementState.CHECKED and may_decide,
        send_back=statement.state in PENDING,
        pay=statement.state == StatementState.APPROVED
        and bool(statement.paid)
        and user.pk != statement.submitted_by_id
        and not has_role_in_project,
        other_hands=statement.state in PENDING and has_acted,
        inside=has_role_in_project and statement.state in {*PENDING, StatementState.APPROVED},
    )


def snapshots(user: User) -> SnapshotQuerySet:
    """Return the snapshots of which the user may see every project today."""
    if is_agency(user):
        return Snapshot.objects.all()
    return Snapshot.objects.filter(projects__contained_by=sorted(led_project_ids(user)))


PERMISSIONS = {
    "grants.view_statements": is_agency | leads_a_project,
    "grants.submit_statement": leads_project,
    "grants.decide_statement": is_agency,
    "grants.enter_awards": is_agency,
    "grants.enter_vouchers": leads_project,
}
