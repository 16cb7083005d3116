"""Who may do what with users and projects, and the roles that other policies ask for.

Administrators manage accounts and see no citizens.
"""

from typing import Any

import rules

from accounts.models import Project, User
from accounts.roles import Role


@rules.predicate
def is_administrator(user: Any) -> bool:
    return user.has_role(Role.ADMINISTRATOR)


@rules.predicate
def is_agency(user: Any) -> bool:
    """Works at the agency that runs the trial."""
    return user.has_role(Role.AGENCY)


@rules.predicate
def leads_project(user: Any, project: Project | None) -> bool:
    """Leads this project; asked without one, leads any."""
    return user.has_role(Role.PROJECT_LEADER, project_id=project.pk if project else None)


@rules.predicate
def leads_a_project(user: Any) -> bool:
    """Leads at least one project."""
    return user.has_role(Role.PROJECT_LEADER)


PERMISSIONS = {
    "accounts.manage_users": is_administrator,
    "accounts.manage_projects": is_administrator,
}


def projects_led_by(user: User) -> frozenset[int]:
    """Return the ids of the projects that the user leads."""
    return user.project_ids(Role.PROJECT_LEADER)


def projects_led_or_referred_to_by(user: User) -> frozenset[int]:
    """Return the ids of the projects that the user leads, or refers to as coordinating caseworker."""
    return user.project_ids(Role.PROJECT_LEADER, Role.COORDINATING_CASEWORKER)
