"""Who may do what with companies. What concerns one course is asked of the course (`cases.policy`)."""

from typing import Any

import rules

from accounts.roles import Role
from cases.policy import is_project_staff


@rules.predicate
def finds_workplaces(user: Any) -> bool:
    """Is job consultant in some project: has citizens' placements to look after."""
    return user.has_role(Role.JOB_CONSULTANT)


@rules.predicate
def keeps_companies(user: Any) -> bool:
    """Works with companies: may register them, correct them and keep their contact persons."""
    return user.has_role(Role.JOB_CONSULTANT, Role.COURSE_OWNER, Role.PROJECT_LEADER)


@rules.predicate
def delivers_placements(user: Any) -> bool:
    return user.has_role(Role.JOB_CONSULTANT, Role.PROJECT_LEADER)


PERMISSIONS = {
    "companies.my_placements": finds_workplaces,
    "companies.list_companies": is_project_staff,
    "companies.manage_companies": keeps_companies,
    "companies.import_placements": delivers_placements,
}
