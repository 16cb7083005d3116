"""Permissions on companies. Permissions on one course are in `cases.policy`."""

from rules.predicates import predicate

from accounts.models import User
from accounts.roles import Role
from cases.policy import is_project_staff

#: The roles that register companies, and write what their project keeps of them.
KEEPERS = (Role.JOB_CONSULTANT, Role.COURSE_OWNER, Role.PROJECT_LEADER)


def keeping_project_ids(user: User) -> frozenset[int]:
    """Return the ids of the projects for which the user writes of companies (D39)."""
    return user.project_ids(*KEEPERS)


@predicate
def finds_workplaces(user: User) -> bool:
    """Whether the user is job consultant in a project, and so has placements to look after."""
    return user.has_role(Role.JOB_CONSULTANT)


@predicate
def keeps_companies(user: User) -> bool:
    """Whether the user may register and correct companies and their contact persons."""
    return user.has_role(*KEEPERS)


@predicate
def delivers_placements(user: User) -> bool:
    return user.has_role(Role.JOB_CONSULTANT, Role.PROJECT_LEADER)


PERMISSIONS = {
    "companies.my_placements": finds_workplaces,
    "companies.list_companies": is_project_staff,
    "companies.manage_companies": keeps_companies,
    "companies.import_placements": delivers_placements,
}
