"""Who may do what with users and projects, and predicates that other policies use.

Administrators manage accounts and see no citizens.
"""

from django.db.models import QuerySet
from rules.predicates import predicate

from accounts.models import Absence, Membership, Project, User
from accounts.roles import Role
from jobfirst.row_security.context import Working, all_projects, only_projects

#: The role that manages accounts. The last user with it cannot lose it.
ACCOUNT_MANAGER = Role.ADMINISTRATOR

# A file cannot make administrators: see the command invite_administrator and the users' page.
IMPORTABLE = tuple(role.value for role in Role if role != ACCOUNT_MANAGER)


def memberships_of_administrators() -> QuerySet[Membership]:
    """Return the memberships by which people manage accounts."""
    return Membership.objects.filter(role=ACCOUNT_MANAGER)


def leaders_of(project: Project) -> QuerySet[User]:
    """Return the people with an open account who lead the project, by name."""
    return User.objects.active_with_role(Role.PROJECT_LEADER, project.pk)


def people_of_the_agency() -> QuerySet[User]:
    """Return the people with an open account who work at the agency."""
    return User.objects.filter(is_active=True, memberships__role=Role.AGENCY).order_by("pk").distinct()


def projects_worked_on(user: User) -> Working:
    """Return the projects whose rows the database shows in the user's requests.

    The agency follows the whole trial; everybody else sees the projects where they have a role.
    Administrators see none.
    """
    if user.has_role(Role.AGENCY):
        return all_projects("the agency follows the whole trial")
    return only_projects(user.project_ids())


def needs_second_administrator(by: User, person: User, role: str) -> bool:
    """Whether another administrator must confirm: a role of one's own, or a new administrator.

    The second part closes the way around the first one, by an administrator of one's own making.
    """
    return role == ACCOUNT_MANAGER or by.pk == person.pk


def led_projects(user: User) -> QuerySet[Project]:
    """Return the projects that the user leads."""
    return Project.objects.filter(pk__in=led_project_ids(user))


def led_project_ids(user: User) -> frozenset[int]:
    """Return the ids of the projects that the user leads."""
    return user.project_ids(Role.PROJECT_LEADER)


def led_or_referring_project_ids(user: User) -> frozenset[int]:
    """Return the ids of the projects that the user leads, or refers to as coordinating caseworker."""
    return user.project_ids(Role.PROJECT_LEADER, Role.COORDINATING_CASEWORKER)


@predicate
def is_administrator(user: User) -> bool:
    return user.has_role(ACCOUNT_MANAGER)


@predicate
def is_agency(user: User) -> bool:
    """Works at the agency that runs the trial."""
    return user.has_role(Role.AGENCY)


@predicate
def leads_project(user: User, project: Project | None) -> bool:
    """Leads this project; asked without one, leads any."""
    return user.has_role(Role.PROJECT_LEADER, project_id=project.pk if project else None)


@predicate
def leads_a_project(user: User) -> bool:
    """Leads at least one project."""
    return user.has_role(Role.PROJECT_LEADER)


@predicate
def works_in_a_project(user: User) -> bool:
    """Has a role in at least one project."""
    return bool(user.project_ids())


def projects_of_absence(user: User, person: User) -> QuerySet[Project]:
    """Return the projects in which the user may enter and change absences of the person: all of one's own,
    and of others those in the projects that the user leads."""
    projects = Project.objects.filter(memberships__user=person).distinct().order_by("name")
    return projects if user.pk == person.pk else projects.filter(pk__in=led_project_ids(user))


@predicate
def manages_absence(user: User, absence: Absence | None) -> bool:
    """Whether it is the user's own absence in a project where they still work, or one in a project that the
    user leads."""
    if absence is None:
        return False
    is_theirs = absence.user_id == user.pk and absence.project_id in user.project_ids()
    return is_theirs or absence.project_id in led_project_ids(user)


PERMISSIONS = {
    "accounts.list_absences": works_in_a_project,
    "accounts.manage_absence": manages_absence,
    "accounts.manage_users": is_administrator,
    "accounts.manage_projects": is_administrator,
}
