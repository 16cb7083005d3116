"""Who may do what with grants. The only place here that names roles.

The agency sees every project by pseudonym and decides; a project leader sees the projects she leads and
submits for them.
"""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from accounts.models import Project, User
from accounts.policy import is_agency, leads_a_project, leads_project
from accounts.roles import Role
from grants.models import Document, Snapshot, SnapshotQuerySet, Statement, StatementQuerySet, StatementState
from grants.models.statement import PENDING

PERMISSIONS = {
    "grants.view_statements": is_agency | leads_a_project,
    "grants.submit_statement": leads_project,
    "grants.decide_statement": is_agency,
    "grants.enter_awards": is_agency,
    "grants.enter_vouchers": leads_project,
}


def belongs_to(user: User, project: Project) -> bool:
    """Holds any role in the project: may be of the agency too, and still not decide on its statements."""
    return project.pk in user.project_ids()


def statement_projects(user: User) -> QuerySet[Project]:
    """The projects whose statements the user may see; none for everybody else."""
    if is_agency(user):
        return Project.objects.all()
    return Project.objects.filter(pk__in=user.project_ids(Role.PROJECT_LEADER))


def sees_statements_of(user: User, project: Project) -> bool:
    """Whether the project is one of `statement_projects`; without a query of its own."""
    return bool(is_agency(user) or leads_project(user, project))


def statements(user: User) -> StatementQuerySet:
    """The submitted statements the user may see."""
    return Statement.objects.shown().filter(project__in=statement_projects(user))


def documents(user: User) -> QuerySet[Document]:
    """The documents the user may see: her own drafts, while she may see every project that stands in them,
    and the PDF of every statement she may see."""
    still = Q(snapshot=None) | Q(snapshot__in=snapshots(user))
    own = Q(requested_by=user, statement=None) & still
    return Document.objects.filter(own | Q(statement__in=statements(user)))


def may_have(document: Document) -> bool:
    """Whether the person who ordered the document may still see what it says; a statement's is everybody's
    who sees the statement."""
    user = document.requested_by
    if document.statement_id:
        return True
    if not user.is_active or not user.has_perm("grants.view_statements"):
        return False
    if document.again and document.snapshot_id:
        return snapshots(user).filter(pk=document.snapshot_id).exists()
    return document.project is None or statement_projects(user).filter(pk=document.project.pk).exists()


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The steps with a statement that are a person's to take next, and why some are not."""

    check: bool = False
    approve: bool = False
    send_back: bool = False
    pay: bool = False
    #: Somebody else's: the person has submitted or checked it, or has a role in the project.
    other_hands: bool = False
    inside: bool = False


def next_steps(user: User, statement: Statement) -> NextSteps:
    """The next steps that are this person's to take; none but for who decides.

    Nobody takes two of the first three, and nobody of the project itself any but sending back.
    """
    if not is_agency(user):
        return NextSteps()
    inside = belongs_to(user, statement.project)
    has_acted = user.pk in {statement.submitted_by_id, statement.checked_by_id}
    free = not has_acted and not inside
    return NextSteps(
        check=statement.state == StatementState.SUBMITTED and free,
        approve=statement.state == StatementState.CHECKED and free,
        send_back=statement.state in PENDING,
        pay=statement.state == StatementState.APPROVED
        and bool(statement.paid)
        and user.pk != statement.submitted_by_id
        and not inside,
        other_hands=statement.state in PENDING and has_acted,
        inside=inside and statement.state in {*PENDING, StatementState.APPROVED},
    )


def snapshots(user: User) -> SnapshotQuerySet:
    """What was shown of drafts, as far as the user may see every project in it today."""
    if is_agency(user):
        return Snapshot.objects.all()
    return Snapshot.objects.filter(projects__contained_by=sorted(user.project_ids(Role.PROJECT_LEADER)))
